//! Neural networks: their files, their gradients, what they learn, and that equal seeds give equal weights.

mod common;

use std::fs;
use std::path::Path;
use std::slice::from_ref;

use assert_cmd::Command;
use common::images::{folder, gzip, idx_file, stripes};
use faer::Mat;
use ferrospice::diagnostic::Diagnostic;
use ferrospice::network::weights::Precision;
use ferrospice::network::{DataSet, Examples, Network, Settings, Training, idx, npy, weights};
use tempfile::{TempDir, tempdir};

fn data(training: usize, test: usize) -> DataSet {
    DataSet::read(Some(folder(training, test).path()), 4).unwrap()
}

fn trained(sizes: &[usize], settings: Settings, data: &DataSet, epochs: usize) -> Training {
    let mut training = Training::new(Network::new(sizes, settings.seed).unwrap(), settings).unwrap();
    for _ in 0..epochs {
        training.epoch(data, &|_| {}).unwrap();
    }
    training
}

fn bits(network: &Network) -> Vec<u32> {
    let values = |layer: &Mat<f32>| -> Vec<u32> {
        layer.col_iter().flat_map(|column| column.iter().map(|value| value.to_bits()).collect::<Vec<_>>()).collect()
    };
    network.layers().iter().flat_map(values).collect()
}

/// Mean cross-entropy in double precision, by the definition.
fn loss(layers: &[Mat<f64>], examples: &Examples) -> f64 {
    let mut sum = 0.0;
    for (image, label) in examples.labels().iter().enumerate() {
        let mut values: Vec<f64> = examples.pixels().col(image).iter().map(|pixel| f64::from(*pixel)).collect();
        for (number, layer) in layers.iter().enumerate() {
            let output = |row: usize| (0..layer.ncols()).map(|column| layer[(row, column)] * values[column]).sum();
            let outputs: Vec<f64> = (0..layer.nrows()).map(output).collect();
            let hidden = number + 1 < layers.len();
            values = outputs.into_iter().map(|value: f64| if hidden { value.max(0.0) } else { value }).collect();
        }
        let total: f64 = values.iter().map(|value| value.exp()).sum();
        sum -= (values[usize::from(*label)].exp() / total).ln();
    }
    sum / examples.len() as f64
}

fn doubled(network: &Network) -> Vec<Mat<f64>> {
    let layer =
        |layer: &Mat<f32>| Mat::from_fn(layer.nrows(), layer.ncols(), |row, column| f64::from(layer[(row, column)]));
    network.layers().iter().map(layer).collect()
}

/// One step with rate 1 from all examples at once is minus the gradient, here against central differences of the loss.
#[test]
fn a_step_is_the_gradient_of_the_loss() {
    let data = data(13, 4);
    for sizes in [&[16, 4][..], &[16, 9, 4], &[16, 7, 6, 4]] {
        let network = Network::new(sizes, 3).unwrap();
        let settings = Settings { rate: 1.0, batch: 13, seed: 3 };
        let mut training = Training::new(network.clone(), settings).unwrap();
        let epoch = training.epoch(&data, &|_| {}).unwrap();
        let mut layers = doubled(&network);
        let before = loss(&layers, &data.training);
        assert!((epoch.loss - before).abs() < 1e-6, "{sizes:?}: {} against {before}", epoch.loss);
        let after = doubled(training.network());
        let mut greatest = 0.0_f64;
        for number in 0..layers.len() {
            for (row, column) in
                (0..sizes[number + 1]).flat_map(|row| (0..sizes[number]).map(move |column| (row, column)))
            {
                let weight = layers[number][(row, column)];
                let mut at = |value: f64| {
                    layers[number][(row, column)] = value;
                    loss(&layers, &data.training)
                };
                let slope = (at(weight + 1e-6) - at(weight - 1e-6)) / 2e-6;
                at(weight);
                let step = after[number][(row, column)] - weight;
                greatest = greatest.max(slope.abs());
                assert!(
                    (step + slope).abs() < 1e-6,
                    "{sizes:?} layer {number} ({row}, {column}): {step} against {slope}"
                );
            }
        }
        assert!(greatest > 1e-3, "{sizes:?}: the gradient is nowhere but 0");
    }
}

/// A last batch that is smaller counts by its own size: batches of 8, 5 make two steps, each a mean.
#[test]
fn a_small_last_batch_is_a_mean_of_its_own() {
    // All examples are equal, so that their order is no matter and every step is that of one example.
    let (pixels, _) = stripes(1);
    let examples = |count: usize| {
        let pixels = Mat::from_fn(16, count, |pixel, _| f32::from(pixels[pixel]) / 255.0);
        Examples::new(pixels, vec![2; count]).unwrap()
    };
    let of = |count: usize, batch: usize| {
        let data = DataSet { training: examples(count), test: examples(1) };
        trained(&[16, 8, 4], Settings { rate: 0.1, batch, seed: 1 }, &data, 1)
    };
    let (batches, single) = (of(13, 8), of(2, 1));
    let pairs = batches.network().layers().iter().zip(single.network().layers());
    let difference = pairs.map(|(left, right)| (left - right).norm_max()).fold(0.0, f32::max);
    assert!(difference < 1e-6, "{difference}");
}

#[test]
fn stripes_are_learnt_to_the_last() {
    let data = data(203, 41);
    let network = Network::new(&[16, 24, 4], 5).unwrap();
    let mut training = Training::new(network, Settings { rate: 0.1, batch: 16, seed: 5 }).unwrap();
    let epochs: Vec<_> = (0..30).map(|_| training.epoch(&data, &|_| {}).unwrap()).collect();
    let last = epochs[29];
    assert_eq!((last.number, last.test.correct, last.test.of), (30, 41, 41));
    assert_eq!((last.training.correct, last.training.of), (203, 203));
    assert_eq!(training.network().score(&data.test), last.test);
    assert!(last.loss < 0.1 * epochs[0].loss, "{} from {}", last.loss, epochs[0].loss);
    assert!(epochs[0].training.correct < 203, "there was something to learn");
}

/// 300 units are three parts, and 4096 inputs make them worth sharing among threads.
#[test]
fn weights_depend_on_the_seed_and_not_on_the_threads() {
    let pixels = Mat::from_fn(4096, 70, |pixel, image| ((pixel * 37 + image * 101) % 251) as f32 / 250.0);
    let labels: Vec<u8> = (0..70).map(|image| (image % 4) as u8).collect();
    let examples = Examples::new(pixels, labels).unwrap();
    let data = DataSet { training: examples.clone(), test: examples };
    let with = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let settings = Settings { seed, ..Settings::default() };
        pool.install(|| bits(trained(&[4096, 300, 150, 4], settings, &data, 2).network()))
    };
    let one = with(1, 1);
    assert_eq!(one, with(4, 1));
    assert_eq!(one, with(1, 1));
    assert_ne!(one, with(1, 2));
    // The order of the examples is the seed's too, not only the initial weights.
    let from_same = |seed: u64| {
        let network = Network::new(&[4096, 30, 4], 0).unwrap();
        let mut training = Training::new(network, Settings { seed, ..Settings::default() }).unwrap();
        training.epoch(&data, &|_| {}).unwrap();
        bits(training.network())
    };
    assert_ne!(from_same(1), from_same(2));
    assert_eq!(from_same(1), from_same(1));
}

/// Uniform over ±1/√inputs: variance a third of its square.
#[test]
fn initial_weights_are_uniform() {
    let network = Network::new(&[784, 512, 10], 0).unwrap();
    for layer in network.layers() {
        let limit = 1.0 / (layer.ncols() as f32).sqrt();
        let count = (layer.nrows() * layer.ncols()) as f32;
        assert!(layer.norm_max() <= limit && layer.norm_max() > 0.99 * limit);
        let variance = layer.squared_norm_l2() / count;
        // Of the mean square over its expectation, the standard deviation is √(4/5/n); of the mean over the limit, √(1/3/n).
        assert!((3.0 * variance / limit.powi(2) - 1.0).abs() < 5.0 * (0.8 / count).sqrt(), "{variance}");
        assert!((layer.sum() / count / limit).abs() < 5.0 * (count * 3.0).sqrt().recip());
    }
}

#[test]
fn growth_beyond_all_bounds_is_an_error() {
    let data = data(40, 4);
    let network = Network::new(&[16, 8, 4], 0).unwrap();
    let mut training = Training::new(network, Settings { rate: 1e30, batch: 4, seed: 0 }).unwrap();
    let error = (0..5).find_map(|_| training.epoch(&data, &|_| {}).err()).unwrap();
    assert!(error.message.contains("beyond all bounds") && error.hints[0].contains("smaller learning rate"), "{error}");
    for settings in [
        Settings { rate: 0.0, ..Settings::default() },
        Settings { rate: f32::NAN, ..Settings::default() },
        Settings { batch: 0, ..Settings::default() },
    ] {
        assert!(Training::new(Network::new(&[16, 4], 0).unwrap(), settings).is_err(), "{settings:?}");
    }
    for sizes in [&[16][..], &[], &[16, 0, 4], &[16, 257]] {
        assert!(Network::new(sizes, 0).is_err(), "{sizes:?}");
    }
    let wrong = Training::new(Network::new(&[15, 4], 0).unwrap(), Settings::default()).unwrap().epoch(&data, &|_| {});
    assert!(wrong.unwrap_err().message.contains("16 pixels but the network 15 inputs"));
}

#[test]
fn images_are_read_plain_and_compressed() {
    let data = data(12, 5);
    assert_eq!((data.training.len(), data.test.len(), data.training.inputs()), (12, 5, 16));
    let (pixels, labels) = stripes(12);
    assert_eq!(data.training.labels(), labels);
    for (image, pixel) in (0..12).flat_map(|image| (0..16).map(move |pixel| (image, pixel))) {
        assert_eq!(data.training.pixels()[(pixel, image)], f32::from(pixels[image * 16 + pixel]) / 255.0);
    }
}

/// What reading `bytes` as images and as labels says.
fn said(bytes: &[u8]) -> (String, String) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("broken.idx");
    fs::write(&path, bytes).unwrap();
    let say = |error: Diagnostic| {
        assert!(error.message.contains("broken.idx"), "{error}");
        format!("{error} {}", error.hints.join(" "))
    };
    (idx::images(&path).err().map(say).unwrap_or_default(), idx::labels(&path, 10).err().map(say).unwrap_or_default())
}

#[test]
fn broken_idx_files_are_named_and_explained() {
    let images = idx_file(&[2, 2, 2], &[1; 8]);
    let labels = idx_file(&[3], &[1, 2, 3]);
    assert_eq!(said(&images).0, "");
    assert_eq!(said(&labels).1, "");
    let (as_images, as_labels) = (said(&labels).0, said(&images).1);
    assert!(as_images.contains("magic number is 2049, not 2051") && as_images.contains("mixed up"), "{as_images}");
    assert!(as_labels.contains("magic number is 2051, not 2049") && as_labels.contains("mixed up"), "{as_labels}");
    for (bytes, wanted) in [
        (&images[..images.len() - 1], "2×2×2 bytes of images but holds 7 the file is truncated"),
        (&images[..9], "ends within its header"),
        (&images[..0], "no IDX file"),
        (b"PNG and more", "no IDX file"),
        (&[images.as_slice(), &[0]].concat(), "holds 9 there are bytes after its end"),
        (&idx_file(&[u32::MAX as usize; 3], &[]), "truncated"),
        (&idx_file(&[0, 28, 28], &[]), "holds no images"),
        (&gzip(&images)[..15], "cannot decompress"),
    ] {
        assert!(said(bytes).0.contains(wanted), "{wanted}: {}", said(bytes).0);
    }
    let out_of_range = said(&idx_file(&[3], &[1, 10, 3])).1;
    assert!(out_of_range.contains("label 10") && out_of_range.contains("(number 1)"), "{out_of_range}");
    assert!(out_of_range.contains("0 to 9"), "{out_of_range}");
    assert!(idx::images(Path::new("absent.idx")).unwrap_err().message.contains("`absent.idx`"));
}

#[test]
fn folders_that_do_not_fit_are_refused() {
    let error = |change: &dyn Fn(&Path), classes: usize| {
        let folder = folder(8, 4);
        change(folder.path());
        let error = DataSet::read(Some(folder.path()), classes).unwrap_err();
        format!("{error} {}", error.hints.join(" "))
    };
    let missing = error(&|folder| fs::remove_file(folder.join("t10k-labels-idx1-ubyte")).unwrap(), 4);
    assert!(missing.contains("t10k-labels-idx1-ubyte.gz") && missing.contains("https://"), "{missing}");
    let labels = |folder: &Path| fs::write(folder.join("t10k-labels-idx1-ubyte"), idx_file(&[3], &[0; 3])).unwrap();
    let counts = error(&labels, 4);
    assert!(counts.contains("holds 4 images") && counts.contains("3 labels"), "{counts}");
    let sizes =
        |folder: &Path| fs::write(folder.join("t10k-images-idx3-ubyte"), idx_file(&[4, 3, 3], &[0; 36])).unwrap();
    assert!(error(&sizes, 4).contains("16 pixels to learn from, 9 to be tested with"));
    assert!(error(&|_| {}, 3).contains("label 3"));
    assert!(Examples::new(Mat::zeros(16, 3), vec![0; 2]).is_none());
}

#[test]
fn weights_come_back_from_safetensors() {
    let network = Network::new(&[7, 5, 12, 3], 9).unwrap();
    let bytes = weights::to_safetensors(&network, Precision::Single, "made for a test").unwrap();
    let folder = tempdir().unwrap();
    let path = folder.path().join("w.safetensors");
    fs::write(&path, &bytes).unwrap();
    let read = weights::read(from_ref(&path)).unwrap();
    assert_eq!(bits(&read), bits(&network));
    assert_eq!(read.sizes(), [7, 5, 12, 3]);
    assert_eq!(weights::to_safetensors(&network, Precision::Single, "made for a test").unwrap(), bytes);
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.tensor("layer2.weight").unwrap().shape(), [12, 5]);
    // Row by row: the second number is the second input of the first output.
    let second = file.tensor("layer1.weight").unwrap().data()[4..8].try_into().unwrap();
    assert_eq!(f32::from_le_bytes(second), network.layers()[0][(0, 1)]);

    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let error = weights::read(from_ref(&path)).unwrap_err();
    assert!(error.message.contains("w.safetensors"), "{error}");
    fs::remove_file(&path).unwrap();
    assert!(weights::read(&[path]).unwrap_err().message.contains("cannot read"));
    assert!(weights::read(&[]).is_err());
}

/// 11 bits: each weight is off by at most 2⁻¹¹ of itself, or 2⁻²⁵ if it is tiny, and some by nearly that.
#[test]
fn half_precision_halves_the_file_and_rounds() {
    let network = Network::new(&[70, 50, 3], 9).unwrap();
    let folder = tempdir().unwrap();
    let path = folder.path().join("w.safetensors");
    let [single, half] = [Precision::Single, Precision::Half]
        .map(|precision| weights::to_safetensors(&network, precision, "made for a test").unwrap());
    assert!(half.len() < single.len() * 11 / 20, "{} against {}", half.len(), single.len());
    fs::write(&path, half).unwrap();
    let read = weights::read(from_ref(&path)).unwrap();
    let pairs = read.layers().iter().zip(network.layers());
    let off = pairs.flat_map(|(half, single)| {
        half.col_iter().zip(single.col_iter()).flat_map(|(half, single)| {
            half.iter()
                .zip(single.iter())
                .map(|(half, single)| (half - single).abs() / single.abs().max(2_f32.powi(-14)))
        })
    });
    let off: Vec<f32> = off.collect();
    assert_eq!(off.len(), 70 * 50 + 50 * 3);
    let greatest = off.into_iter().fold(0.0, f32::max);
    assert!(greatest > 4e-4 && greatest <= 1.0 / 2048.0, "{greatest}");
}

/// A safetensors file of 32-bit numbers, all 0.25.
fn tensors(shapes: &[(&str, &[usize])]) -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView, serialize};
    let bytes = |shape: &[usize]| 0.25_f32.to_le_bytes().repeat(shape.iter().product());
    let data: Vec<Vec<u8>> = shapes.iter().map(|(_, shape)| bytes(shape)).collect();
    let views = shapes
        .iter()
        .zip(&data)
        .map(|((name, shape), data)| (*name, TensorView::new(Dtype::F32, shape.to_vec(), data).unwrap()));
    serialize(views, None).unwrap()
}

#[test]
fn weights_of_others_are_read_or_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("other.safetensors");
    let read = |shapes: &[(&str, &[usize])]| {
        fs::write(&path, tensors(shapes)).unwrap();
        weights::read(from_ref(&path))
    };
    // `fc10` comes after `fc2`, though not in the alphabet; either a row per output or one per input.
    assert_eq!(read(&[("fc10.weight", &[2, 4]), ("fc2.weight", &[4, 6])]).unwrap().sizes(), [6, 4, 2]);
    assert_eq!(read(&[("W1", &[6, 4]), ("W2", &[4, 2])]).unwrap().sizes(), [6, 4, 2]);
    let bias = read(&[("fc1.weight", &[4, 6]), ("fc1.bias", &[4])]).unwrap_err();
    assert!(bias.message.contains("fc1.bias") && bias.hints[0].contains("bias=False"), "{bias}");
    let apart = read(&[("W1", &[6, 4]), ("W2", &[5, 2])]).unwrap_err();
    assert!(apart.message.contains("other.safetensors") && apart.message.contains("layer 1 has 6 outputs"), "{apart}");
}

/// A .npy file of version 1.
fn npy_file(kind: &str, by_columns: &str, shape: &str, values: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{kind}', 'fortran_order': {by_columns}, 'shape': {shape}, }}");
    let header = format!("{header:<117}\n");
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), values].concat()
}

#[test]
fn weights_are_read_from_numpy_files() {
    let single: Vec<u8> = (0..6).flat_map(|value| (value as f32).to_le_bytes()).collect();
    let double: Vec<u8> = (0..6).flat_map(|value| f64::from(value).to_le_bytes()).collect();
    let by_rows = npy::matrix(&npy_file("<f4", "False", "(2, 3)", &single), "w").unwrap();
    assert_eq!(by_rows, Mat::from_fn(2, 3, |row, column| (row * 3 + column) as f32));
    let by_columns = npy::matrix(&npy_file("<f8", "True", "(2, 3)", &double), "w").unwrap();
    assert_eq!(by_columns, Mat::from_fn(2, 3, |row, column| (column * 2 + row) as f32));
    for (bytes, wanted) in [
        (npy_file("<f4", "False", "(2, 3)", &single[1..]), "holds 23 bytes"),
        (npy_file("<i4", "False", "(2, 3)", &single), "`<i4`"),
        (npy_file("<f4", "False", "(6,)", &single), "no matrix"),
        (npy_file("<f4", "False", "(2, x)", &single), "no matrix"),
        (single.clone(), "no .npy file"),
        (npy_file("<f4", "False", "(2, 3)", &single)[..40].to_vec(), "within its header"),
    ] {
        let error = npy::matrix(&bytes, "w.npy").unwrap_err();
        assert!(error.message.contains(wanted) && error.message.contains("w.npy"), "{wanted}: {error}");
    }
    let folder = tempdir().unwrap();
    let files = ["first.npy", "second.npy"].map(|name| folder.path().join(name));
    fs::write(&files[0], npy_file("<f4", "False", "(2, 3)", &single)).unwrap();
    fs::write(&files[1], npy_file("<f4", "False", "(3, 2)", &single)).unwrap();
    // 2 → 3 → 2 and 3 → 2 → 3 both fit: rows are outputs where both do.
    assert_eq!(weights::read(&files).unwrap().sizes(), [3, 2, 3]);
    fs::write(&files[1], npy_file("<f4", "False", "(3, 1)", &single[..12])).unwrap();
    assert_eq!(weights::read(&files).unwrap().sizes(), [2, 3, 1]);
}

fn call(folder: &TempDir, arguments: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrospice"));
    let output = command.current_dir(folder.path()).args(arguments.split_whitespace()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_writes_weights_and_curves() {
    let folder = folder(203, 41);
    let train = "train --data . --layers 16,24,4 --epochs 30 --rate 0.1 --batch 16";
    let (code, out, error) = call(&folder, &format!("{train} -o w.safetensors --curve curve.csv"));
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    assert_eq!(out.lines().count(), 31, "{out}");
    assert!(out.starts_with("epoch   1  loss ") && out.ends_with("accuracy 100.00 % (41 of 41)\n"), "{out}");
    let curve = fs::read_to_string(folder.path().join("curve.csv")).unwrap();
    assert!(curve.starts_with("epoch,loss,training accuracy,test accuracy\n1,"), "{curve}");
    assert_eq!(curve.lines().count(), 31);
    assert_eq!(weights::read(&[folder.path().join("w.safetensors")]).unwrap().sizes(), [16, 24, 4]);
    let (code, out, _) = call(&folder, &format!("{train} -q --also-after 2,30 -o more.safetensors"));
    assert_eq!((code, out.as_str()), (0, "accuracy 100.00 % (41 of 41)\n"));
    let [final_epoch, second] = ["more.epoch30.safetensors", "more.epoch2.safetensors"]
        .map(|name| weights::read(&[folder.path().join(name)]).unwrap());
    let trained = weights::read(&[folder.path().join("more.safetensors")]).unwrap();
    let difference = |network: &Network| (&network.layers()[0] - &trained.layers()[0]).norm_max();
    assert!(difference(&final_epoch) < 1e-3 && difference(&second) > 0.01, "{}", difference(&second));
    let (code, out, _) = call(&folder, &format!("{train} -q --threads 1 -o again.safetensors --curve curve.svg"));
    assert_eq!((code, out.as_str()), (0, "accuracy 100.00 % (41 of 41)\n"));
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert_eq!(bytes("w.safetensors"), bytes("again.safetensors"));
    assert!(String::from_utf8(bytes("curve.svg")).unwrap().contains("<svg"));

    for (arguments, code, wanted) in [
        ("train", 2, "--output"),
        ("train -o w --layers 16", 2, "--layers"),
        ("train -o w --rate -1", 2, "rate"),
        ("train -o w --epochs 0", 2, "--epochs"),
        ("train -o w --also-after 1,101 --data .", 2, "epochs are 1 to 100"),
        ("train -o w --batch 0 --data .", 2, "--batch"),
        ("train -o w --curve curve.pdf", 2, ".csv, .svg or .png"),
        ("train -o absent/w --data .", 1, "no folder `absent`"),
        ("train -o w --data absent", 1, "absent/train-images-idx3-ubyte"),
        ("train -o w --data .", 1, "16 pixels but the network 784 inputs"),
    ] {
        let (found, _, error) = call(&folder, arguments);
        assert!(found == code && error.contains(wanted), "{arguments}: {found} {error}");
    }
    assert!(!folder.path().join("w").exists());
}
