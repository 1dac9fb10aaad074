//! `linearize`: the vectors of a transient on equally spaced times.

use super::commands::Call;
use super::session::{Outcome, Session};
use crate::results::value::Samples;
use crate::results::vectors::{NamedVector, VectorPlot, interpolated};

impl Session<'_, '_, '_> {
    /// `linearize [names]`: a new plot with the output steps of the last transient, or those of the vectors `lin-tstart`,
    /// `lin-tstop` and `lin-tstep`.
    pub fn linearize(&mut self, call: &Call) -> Outcome {
        let plot = self.store.current();
        let (Some(scale), true) = (plot.scale_vector().cloned(), plot.type_name.starts_with("tran")) else {
            return Err("the current plot is not one of a transient analysis".into());
        };
        let Samples::Real(times) = &scale.samples else { return Err("the scale is not real".into()) };
        let Some(card) = self.last_transient.clone() else { return Err("no transient analysis has been run".into()) };
        let set = |name: &str| {
            plot.find(name).and_then(|vector| match &vector.samples {
                Samples::Real(values) => values.first().copied(),
                Samples::Complex(_) => None,
            })
        };
        let start = set("lin-tstart").unwrap_or(card.start);
        let stop = set("lin-tstop").unwrap_or(card.stop);
        let step = set("lin-tstep").unwrap_or(card.step);
        let count = (stop - start) / step + 1.5;
        if !(2.0..1e9).contains(&count) {
            return Err(format!("from {start:e} to {stop:e} there are no steps of {step:e}").into());
        }
        let positions: Vec<f64> = (0..count as usize).map(|index| start + index as f64 * step).collect();
        let names: Vec<String> = call.words().iter().map(|name| name.to_lowercase()).collect();
        let wanted = |vector: &&NamedVector| {
            let named =
                names.is_empty() || names.iter().any(|name| plot.find(name).is_some_and(|found| found == *vector));
            named && vector.len() == times.len() && vector.name != scale.name
        };
        let resampled = |vector: &NamedVector| NamedVector {
            samples: interpolated(times, &vector.samples, &positions),
            ..vector.clone()
        };
        let mut vectors = vec![NamedVector { samples: Samples::Real(positions.clone()), ..scale.clone() }];
        vectors.extend(plot.vectors.iter().filter(wanted).map(resampled));
        let (title, date) = (plot.title.clone(), plot.date.clone());
        let name = format!("{} (linearized)", plot.name);
        let type_name = self.store.next_type_name("tran");
        self.store.add(VectorPlot { type_name, title, name, date, vectors, scale: Some(0) });
        Ok(())
    }
}
