//! Device equations: derivatives, conservation, and what is known in closed form.

use std::f64::consts::TAU;
use std::path::Path;
use std::sync::Arc;

use ferrospice::analysis::output::{Output, PlotKind, Point, Unknowns, Unwatched};
use ferrospice::analysis::{operating_point, transient};
use ferrospice::circuit::{Analysis, Overrides, elaborate};
use ferrospice::devices::assembly::UnknownKind;
use ferrospice::devices::device::Environment;
use ferrospice::mna::System;
use ferrospice::netlist::Deck;

fn build(cards: &str) -> Result<System, String> {
    let deck = Deck::from_text("test.cir", &format!("title\n{cards}"), Path::new(".")).map_err(|e| e.to_string())?;
    let circuit = elaborate(&deck, &Overrides::default()).map_err(|e| e.to_string())?;
    let (system, diagnostics) = System::new(Arc::new(circuit));
    system.ok_or_else(|| diagnostics.iter().map(|d| format!("{d}\n")).collect())
}

fn system(cards: &str) -> System {
    build(cards).unwrap_or_else(|error| panic!("{error}"))
}

/// Numbers in −1…1 that are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Compares ∂f and ∂q with central differences at random points of size `size`.
fn check_jacobian(cards: &str, size: f64) {
    let mut system = system(cards);
    let n = system.len();
    let mut random = Random(7);
    system.set_environment(Environment::at(0.3e-3, 1e-12));
    for _ in 0..20 {
        let mut x: Vec<f64> = (0..n).map(|_| size * random.next()).chain([0.0]).collect();
        let discrete = |row: usize| matches!(system.unknowns[row].kind, UnknownKind::Discrete);
        let skipped: Vec<bool> = (0..n).map(discrete).collect();
        (0..n).filter(|&row| skipped[row]).for_each(|row| x[row] = f64::from(x[row] > 0.0));
        let (conductance, capacitance) = system.small_signal(&x);
        for column in (0..n).filter(|&column| !skipped[column]) {
            let step = 1e-6 * size;
            let mut side = |sign: f64| {
                let mut moved = x.clone();
                moved[column] += sign * step;
                system.evaluate(&moved);
                (system.f.clone(), system.q.clone())
            };
            let (above, below) = (side(1.0), side(-1.0));
            for row in (0..n).filter(|&row| !skipped[row]) {
                let slot = system.pattern().slot(row, column);
                let pairs = [(&above.0, &below.0, &conductance), (&above.1, &below.1, &capacitance)];
                for (above, below, matrix) in pairs {
                    let difference = (above[row] - below[row]) / (2.0 * step);
                    let derivative = slot.map_or(0.0, |slot| matrix[slot]);
                    // The capacitance is a difference of matrices.
                    let cancelled = 1e-15 * slot.map_or(0.0, |slot| conductance[slot].abs());
                    let rounding = 1e-8 * (above[row].abs() + 1e-12) / size + cancelled;
                    let tolerance = 2e-5 * difference.abs().max(derivative.abs()) + rounding;
                    assert!(
                        (difference - derivative).abs() <= tolerance,
                        "row {row} column {column} at {x:?}: {derivative} should be {difference}\n{cards}"
                    );
                }
            }
        }
    }
}

#[test]
fn derivatives_of_every_device() {
    let decks = [
        ("R1 a b 1k\nC1 a b 1u\nL1 a c 1m\nL2 b c 2m\nK1 L1 L2 0.5\nV1 c 0 1\nI1 a 0 1m", 1.0),
        ("E1 a 0 b c 2\nG1 b 0 a c 1m\nV1 c 0 1\nF1 a b V1 3\nH1 b d V1 5", 1.0),
        ("D1 a b dm\n.model dm d is=1e-9 rs=1 cjo=1p tt=1n bv=3 ikf=1m isr=1e-12", 0.7),
        (
            "S1 a b c d m1\nS2 a c b d m2\nV1 d 0 1\nW1 a d V1 m3\nW2 b 0 V1 m4\n.model m1 sw vt=0.1 vh=0.1\n.model m2 sw vh=-0.5 ron=1 roff=1k\n.model m3 csw\n.model m4 csw ih=-1 roff=100",
            1.0,
        ),
        (
            "M1 d g s b nm w=10u l=1u ad=10p as=12p pd=8u ps=9u\n.model nm nmos capop=4 vto=0.1 kp=100u gamma=0.4 lambda=0.05 rd=5 rs=7 tox=20n cgso=0.2n cgdo=0.3n cgbo=0.4n cj=1m cjsw=0.3n is=1e-12",
            1.0,
        ),
        (
            "M1 d g s b pm w=10u l=1u temp=60\n.model pm pmos xqc=0.4 level=1 tox=20n nsub=1e15 cbd=1p cbs=2p nss=1e10",
            1.0,
        ),
        (
            "M1 d g s b n w=10u l=2u\nM2 d g s b v w=10u l=2u\n.model n nmos xqc=0.5 level=2 vto=0.1 tox=40n nsub=2e16 uexp=0.15 ucrit=2e4 delta=0.5 xj=0.3u lambda=0.02 nfs=2e11\n.model v nmos xqc=0.5 level=2 vto=0.1 tox=25n nsub=3e16 xj=0.25u nfs=1e11 vmax=6e4 neff=3",
            0.6,
        ),
        (
            "M1 d g s b n w=10u l=2u\nM2 d g s b k w=10u l=2u\nM3 d g s b x\n.model n nmos capop=4 level=3 vto=0.1 tox=40n nsub=2e16 theta=0.06 eta=0.05 delta=0.3 xj=0.3u vmax=1.5e5 nfs=2e11\n.model k pmos capop=4 level=3 vto=-0.1 tox=40n nsub=1e16\n.model x nmos level=6 vto=0.1 nc=1.2 kv=0.9 nv=0.6 lambda0=0.03 lambda1=0.004 gamma=0.4 gamma1=0.02 sigma=0.03",
            0.6,
        ),
        (
            "M1 d g s b n l=0.3u w=2u ad=1p as=2p pd=4u ps=5u\nM2 d g s b o l=1u w=0.5u m=2\nM3 d g s b p l=0.3u w=2u\n.model n nmos level=8 vth0=0.1 k1=0.6 k2=-0.01 u0=300 tox=5n nch=2e17 rdsw=200 prwb=-0.1 prwg=0.2 dwg=-4n dwb=6n b0=1e-7 b1=1e-6 a1=0.01 a2=0.8 ngate=5e19 ags=0.3 pscbe1=3e8 pscbe2=1e-7 alpha0=1e-5 beta0=10 cdscd=1e-4 cdscb=1e-5 dvt0w=1 etab=-0.05 pvag=2 pdiblcb=0.1 js=1e-6 ijth=1e-9 cgsl=1e-10 cgdl=2e-10 rsh=5\n.model o nmos level=49 vth0=0.2 capmod=2 mobmod=2 xpart=1 a1=-0.05 a2=0.9\n.model p pmos level=8 vth0=-0.2 mobmod=3 ua=1e-9 uc=0.02 xpart=0.5 a1=0.01",
            0.9,
        ),
        (
            "M1 d g s b n l=0.3u w=2u\nM2 d g s b o l=0.3u w=2u\nM3 d g s b p l=0.3u w=2u\n.model n nmos level=8 vth0=0.1 capmod=1 version=3.2.4 xpart=1\n.model o nmos level=8 vth0=0.1 capmod=0 vfbcv=-0.8\n.model p pmos level=8 vth0=-0.1 capmod=1",
            0.9,
        ),
        (
            // So short that the capacitances, which are no derivatives of charges, are nothing.
            "Z1 d g s a l=1p w=20p\nZ2 d g s b l=1p w=20p\nZ3 d g s c l=1p w=20p\n.model a nmf level=2 vs=1.5e11 alpha=0.1 theta=0.02 tc=0.1 rsi=5 rdi=6 ks=0.1 rd=1 rs=2 rg=3 ri=4 rf=5\n.model b pmf level=3 vs=1.5e11 rsi=5\n.model c nmf level=4 vs=1.5e11 cas=1.1",
            0.8,
        ),
        (
            "Z1 d g s a l=1p w=20p\nZ2 d g s b l=1p w=20p\n.model a nhfet level=5 vs=1.5e11 p=0.8 rsi=5 rdi=6 rd=1 rs=2 rg=3 ri=4 rf=5 cds=1f\n.model b phfet level=6 vs=1.5e11 js=1 n=1.5 cf=1f ggr=10",
            0.6,
        ),
        (
            "Q1 c b e s t q\nQ2 c b e s p area=2\n.model q npn level=4 rth=50 cth=1n is=1e-14 isp=1e-13 wsp=0.7 wbe=0.8 iben=1e-12 ibcn=1e-12 ibeip=1e-14 ibenp=1e-12 ibcip=1e-14 ibcnp=1e-12 vef=9 ver=5 ikf=1m ikr=2m ikp=1m rcx=1 rci=60 vo=2 gamm=1e-9 rbx=20 rbi=40 re=1 rs=20 rbp=40 avc1=2 avc2=15 cje=1p cjc=2p cjep=1p cjcp=1p ccso=0.1p cbeo=0.1p cbco=0.2p qco=1e-14 tf=1n qtf=0.2 xtf=2 vtf=3 itf=1m tr=5n\n.model p pnp level=4 aje=0.1 ajc=0.1 vrt=0.5 vbbe=2 qbm=1 is=1e-14 isp=1e-13 wsp=0.7 wbe=0.8 iben=1e-12 ibcn=1e-12 ibeip=1e-14 ibenp=1e-12 ibcip=1e-14 ibcnp=1e-12 vef=9 ver=5 ikf=1m ikr=2m ikp=1m rcx=1 rci=60 vo=2 gamm=1e-9 rbx=20 rbi=40 re=1 rs=20 rbp=40 avc1=2 avc2=15 cje=1p cjc=2p cjep=1p cjcp=1p ccso=0.1p cbeo=0.1p cbco=0.2p qco=1e-14 tf=1n qtf=0.2 xtf=2 vtf=3 itf=1m tr=5n",
            0.7,
        ),
        (
            "Q1 c b e s t q\nQ2 c b e s p area=2\nQ3 c b e s o\n.model q npn level=8 flcomp=2.3 flsh=2 rth=50 cth=1n latb=1 hf0=2 hfe=3 hjei=2 ahjei=1 hjci=0.5 ibeis=1e-14 ireis=1e-12 ibeps=1e-14 ireps=1e-12 c10=1e-25 tbhrec=1n ibcxs=1e-14 ibets=1 abet=5 favl=10 qavl=1p kavl=0.3 rbi0=20 rbx=10 fcrbi=0.3 fqi=0.8 re=2 rcx=5 itss=1e-14 iscs=1e-14 tsf=1n rsu=30 csu=1p cjei0=1p cjep0=1p cjci0=1p vptci=2 cjcx0=1p vptcx=2 fbcpar=0.4 fbepar=0.3 cjs0=1p cscp0=1p t0=20p dt0h=2p tbvl=3p tef0=10p thcs=30p fthc=0.4 tr=10p vcbar=0.05 icbar=20m ich=0.1 cbepar=1p cbcpar=1p latl=0.4\n.model p pnp level=8 hf0=2 hfe=3 hjei=2 ahjei=1 hjci=0.5 ibeis=1e-14 ireis=1e-12 ibeps=1e-14 ireps=1e-12 c10=1e-25 tbhrec=1n ibcxs=1e-14 ibets=1 abet=5 favl=10 qavl=1p kavl=0.3 rbi0=20 rbx=10 fcrbi=0.3 fqi=0.8 re=2 rcx=5 itss=1e-14 iscs=1e-14 tsf=1n rsu=30 csu=1p cjei0=1p cjep0=1p cjci0=1p vptci=2 cjcx0=1p vptcx=2 fbcpar=0.4 fbepar=0.3 cjs0=1p cscp0=1p t0=20p dt0h=2p tbvl=3p tef0=10p thcs=30p fthc=0.4 tr=10p vcbar=0.05 icbar=20m ich=0.1 cbepar=1p cbcpar=1p latl=0.4\n.model o npn level=8 flnqs=1 flcomp=2.2 tunode=0 latb=0.3 hf0=2 hfe=3 hjei=2 ahjei=1 hjci=0.5 ibeis=1e-14 ireis=1e-12 ibeps=1e-14 ireps=1e-12 c10=1e-25 tbhrec=1n ibcxs=1e-14 ibets=1 abet=5 favl=10 qavl=1p kavl=0.3 rbi0=20 rbx=10 fcrbi=0.3 fqi=0.8 re=2 rcx=5 itss=1e-14 iscs=1e-14 tsf=1n rsu=30 csu=1p cjei0=1p cjep0=1p cjci0=1p vptci=2 cjcx0=1p vptcx=2 fbcpar=0.4 fbepar=0.3 cjs0=1p cscp0=1p t0=20p dt0h=2p tbvl=3p tef0=10p thcs=30p fthc=0.4 tr=10p vcbar=0.05 icbar=20m ich=0.1 cbepar=1p cbcpar=1p latl=0.4",
            0.7,
        ),
        (
            "M1 d g s b n l=0.1u w=1u ad=1p as=2p pd=4u ps=5u\nM2 d g s b o l=0.1u w=0.5u nf=2 m=2\nM3 d g s b p l=0.1u w=2u nrd=1\n.model n nmos level=14 vth0=0.1 toxe=2n k1=0.5 k2=-0.01 rdsw=200 prwb=0.1 ngate=1e20 dwg=-1n dwb=2n b0=1e-8 a1=0.01 a2=0.8 ags=0.3 pscbe1=3e8 pscbe2=1e-7 alpha0=1e-7 beta0=10 cdscd=1e-4 cdscb=1e-5 dvt0w=1 etab=-0.05 pvag=2 pdiblcb=0.1 dvtp0=1e-8 dvtp1=0.3 dvtp4=0.4 dvtp5=0.01 minv=0.2 fprout=100 pdits=0.1 pditsd=0.2 lambda=1e-5 vtl=1e5 ijthsfwd=1e-9 cgsl=1e-10 cgdl=2e-10 igcmod=1 igbmod=1 toxref=2n jtss=1e-3\n.model o nmos level=54 vth0=0.2 toxe=2n capmod=1 cvchargemod=1 mobmod=2 xpart=1 rgatemod=3 rbodymod=1 rdsmod=1 diomod=2 igcmod=2 pigcd=1 gidlmod=1 kgidl=0.1 fgidl=1 agidl=1e-7 bgidl=5e8\n.model p pmos level=14 vth0=-0.2 toxe=2n mobmod=3 ud=0.5 rsh=10 rgatemod=2 rbodymod=2 xpart=0.5 diomod=0 bvs=20 capmod=0",
            0.5,
        ),
        (
            "M1 d g s b n l=0.1u w=1u\nM2 d g s b o l=0.1u w=1u\nM3 d g s b p l=0.1u w=1u\n.model n nmos level=14 vth0=0.1 toxe=2n mobmod=4\n.model o nmos level=14 vth0=0.1 mtrlmod=1 mobmod=6 lambda=1e-5\n.model p pmos level=14 vth0=-0.1 mobmod=5 toxe=2n igcmod=1 capmod=1",
            0.5,
        ),
        (
            "Q1 c b e s q\nQ2 c b e s p area=2\n.model q npn is=1e-12 bf=20 br=3 vaf=9 var=5 ikf=1m ikr=2m ise=1e-11 isc=2e-11 rb=50 rbm=5 irb=1m re=1 rc=2 cje=1p cjc=2p xcjc=0.4 cjs=1p iss=1e-13 tf=1n xtf=2 vtf=3 itf=1m tr=5n\n.model p pnp is=1e-12 nkf=0.4 ikf=1m rb=50 rbm=5 subs=-1 iss=1e-13 cjs=1p tf=1n",
            0.6,
        ),
        (
            "J1 d g s n area=2\nJ2 d g s p temp=80\n.model n njf vto=-0.8 beta=1m lambda=0.05 b=0.7 rd=10 rs=20 cgs=1p cgd=2p is=1e-12\n.model p pjf vto=-0.5 cgs=1p is=1e-12 n=1.2",
            0.7,
        ),
        (
            "M1 d g s n m=2\nM2 d g s p temp=80\n.model n vdmos vto=0.1 kp=1m lambda=0.05 theta=0.1 mtriode=0.8 subshift=0.1 rd=5 rs=7 rg=3 rb=2 rds=1k rq=9 vq=0.3 cgs=1p cgdmax=3p cgdmin=1p a=2 cjo=1p tt=1n is=1e-12 bv=0.5\n.model p vdmos pchan vto=-0.1 kp=1m cgdmax=3p a=0.7 cjo=1p is=1e-12",
            0.7,
        ),
        (
            "U1 a b c m l=2 n=3\nU2 a b c d l=1 n=2 m=2\n.model m urc rperl=2 cperl=3u\n.model d urc k=2 isperl=1e-10 rsperl=3 cperl=1p",
            0.5,
        ),
        (
            "Z1 d g s n area=2\nZ2 d g s p m=2\n.model n nmf vto=-0.8 beta=1m lambda=0.05 b=0.7 alpha=3 rd=10 rs=20 is=1e-12\n.model p pmf vto=-0.5 is=1e-12",
            0.6,
        ),
        ("O4 a b c d g\nR1 a c 1\n.model g ltra r=1 g=1 len=1", 1.0),
        (
            "L1 a b 30\nL2 c d 20\nR1 a c 1\nK1 L1 L2 0.9 m\n.model m core ms=3 a=0.7 c=0.2 k=0.5 alpha=0.01 area=1000 path=200 gap=10",
            0.4,
        ),
        ("N1 a b y\nN2 b c v\nN3 a c h\n.model y yakopcic\n.model v vteam\n.model h linear_ion_drift", 0.9),
        (
            "N1 a b y\nN2 b c y window=biolek p=2\nN3 a c t\n.model y nonlinear_ion_drift\n.model t mean_metastable_switch phi=0.8 schottkyforwardalpha=1m schottkyreversealpha=2m schottkyforwardbeta=4",
            0.9,
        ),
        (
            "N1 a b t\nN2 b c t window=kvatinsky w_c=1n\nN3 a c t window=prodromakis iv=exponential p=2\n.model t team i_on=-1m i_off=1m k_on=-1 k_off=1",
            0.9,
        ),
        (
            "N1 a b l\nN2 b c l rs=100 polarity=-1 reset_k0=[1u 1m] reset_v0=[80m 0.2] reset_vg=[0.3 0.1] reset_vw=[0.1 0.2] reset_xi=[-0.5 0]\nN3 a c l sigma_c2c=0.3 set_vg=0 set_vw=0.5\n.model l log_exponential x0=0.5 von=0.2 voff=0.3 tau_ret=1",
            0.7,
        ),
        ("N1 a b s\nN2 b c s x0=2n rs=0\n.model s simmons_tunnel_barrier", 0.3),
        ("N1 a b s thermal=static\nN2 b c s eag=0.2 ear=0.3 vel0=1 thermal=static\n.model s stanford_rram", 0.9),
        ("N1 a b s\nN2 c b s\n.model s stanford_rram eag=0.2 ear=0.3 vel0=1 cth=1e-3 tau_th=1", 0.9),
        (
            "N1 a b s delta=0.2\nN2 b c s delta=0.2 goff=1m\nN3 a c p\nA1 %gd(a b) m\n.model s threshold_selector\n.model p pershin alpha=0.1\n.model m memristor vt=0.2 alpha=0.5",
            0.9,
        ),
        (
            "YMEMRISTOR n1 a b t\nYMEMRISTOR n2 b c y\nN3 a c p\n.model t memristor level=2 ioff=1m ion=-1m koff=1 kon=-1\n.model y memristor level=3 xp=0.3 xn=0.5\n.model p memristor level=4 v1=0.3 d2=-1 fxpdata=\"device_models/pem_forward.dat\" fxmdata=\"device_models/pem_reverse.dat\"",
            0.9,
        ),
        ("L1 a b hc=0.5 bs=2 br=1 a=1 lm=1 lg=1u n=1.5\nR1 a b 1", 1.0),
        (
            "R1 a b m l=2 a=1 temp=0\nR2 b c 2 m l=1 a=0.5 m=3\n.model m r level=2 resistivity=0.7 heatcapacity=2 tc1=0.01 tc2=0.002",
            0.9,
        ),
        ("B1 a 0 v=idt(v(a)*v(b),1,v(b))\nR1 a b 1", 1.0),
        (
            "V1 a 0 1\nR1 a b 1\nB1 b 0 i=v(a)*v(b,c)+i(V1)**2+i(R1)\nB2 c 0 v=idt(v(a)*v(b))+ddt(v(c)*v(b))\nR2 a c r='1+v(b)*v(b)'\nC2 a c c='1+v(b)'\nC3 a b q='v(a)*v(b)'\nL3 b c l='1+v(a)*i(L3)'",
            1.0,
        ),
        (
            "E1 a 0 poly(2) a b b c 0.1 1 2 3 4 5 6\nV1 c 0 1\nF1 a b poly(1) V1 0 1 2\nE2 d 0 table {v(a)} = (-2,0) (0,1) (2,4)\nG2 b 0 value={tanh(v(a))}\nRd d b 1",
            1.0,
        ),
        ("N1 a b h\nB1 a b i=x(N1)*v(a)\n.model h linear_ion_drift", 0.9),
        (
            "A1 [a b] [c d] m\nA2 [a] [b c] [g] t\n.model m crossbar(cell=[h l] selector=s cell_rs=100 rw=300 rb=200 rdriver=100 cw=1m cb=2m)\n.model t crossbar(cell=h transistor=n rw=300 rb=0)\n.model h linear_ion_drift\n.model l log_exponential x0=0.5 von=0.2 voff=0.3 tau_ret=1\n.model s threshold_selector delta=0.2 goff=1m\n.model n nmos vto=0.1 kp=100u gamma=0.4 lambda=0.05 tox=20n cgso=0.2n is=1e-12",
            0.7,
        ),
        (
            "A1 a b cl\nA2 t a b c sw\nA3 %i d e n\nA4 %vd(a b) %id(c d) n\nA5 a b f k\nR1 f t 1\n.model cl clamp(vhigh=0.1 vlow=-0.2 width=0.1)\n.model sw refractory_switch(roff=100)\n.model n lif_neuron(c=1 gleak=2 gin=3 threshold=9)\n.model k counter_neuron",
            1.0,
        ),
    ];
    for (deck, size) in decks {
        check_jacobian(deck, size);
    }
}

#[test]
fn derivatives_of_every_function() {
    let one = "abs acos acosh(2.5+ asin asinh atan atanh buf ceil cos cosh erf erfc exp floor int inv ln(2.5+ log10(2.5+ nint round sgn sin sinh sqr sqrt(2.5+ stp tan tanh trunc u u2 uramp";
    for name in one.split(' ') {
        let call = if name.contains('(') { name.to_string() } else { format!("{name}(") };
        check_jacobian(&format!("B1 a 0 i={call}v(b))\nR1 b 0 1"), 0.7);
    }
    for call in [
        "atan2(v(a),v(b))",
        "hypot(v(a),v(b))",
        "max(v(a),v(b),0.1)",
        "min(v(a),v(b))",
        "pow(2+v(a),v(b))",
        "pwr(v(a),2.5)",
        "pwrs(v(a),1.5)",
        "sign(v(a),v(b))",
        "limit(v(a),-0.3,v(b))",
        "(2+v(a))**v(b)",
        "v(a)/(3+v(b))",
        "v(a)>v(b) ? v(a)*v(b) : -v(b)",
        "(v(a)>0 && v(b)<0) || !(v(a)<v(b))",
        "if(v(a)<0, v(b)*v(b), 3)",
        "uplim(v(a),0.3,0.4)+dnlim(v(b),-0.2,0.3)",
        "pwl(v(a),-1,0,0.05,1,0.5,3)",
        "table(v(a),-1,v(b),0.05,1,0.5,3)",
        "(5*v(a))%(3+v(b))",
        "time*v(a)+temper*v(b)",
        "random(3*v(a))+white(2*v(b))+rand(v(a))",
    ] {
        check_jacobian(&format!("B1 a 0 i={{{call}}}\nR1 b 0 1"), 1.0);
    }
}

#[test]
fn derivatives_are_finite_at_kinks() {
    for call in [
        "sqrt(v(a))",
        "v(a)**0.5",
        "pwr(v(a),0.5)",
        "ln(v(a))",
        "abs(v(a))",
        "1/v(a)",
        "hypot(v(a),v(b))",
        "atan2(v(a),v(b))",
        "v(a)**-1",
        "log10(v(a)-1)",
        "sqrt(v(a)-1)",
        "asin(v(a)+1)",
        "exp(1000*(v(a)+1))",
        "pow(v(a),v(b))",
    ] {
        let mut system = system(&format!("B1 a 0 i={{{call}}}\nR1 b 0 1"));
        let x = vec![0.0; system.len() + 1];
        let (conductance, _) = system.small_signal(&x);
        assert!(conductance.iter().all(|value| value.is_finite()), "{call}: {conductance:?}");
        system.evaluate(&x);
        assert!(system.f.iter().all(|value| value.is_finite()), "{call}: {:?}", system.f);
    }
}

/// Currents and charges of a device between nodes only add up to nothing.
#[test]
fn currents_and_charges_are_conserved() {
    for cards in [
        "M1 d g s b nm w=10u l=1u ad=10p as=12p pd=8u ps=9u\n.model nm nmos vto=0.5 kp=100u gamma=0.4 tox=20n cgso=0.2n cgbo=0.1n cj=1m",
        "M1 d g s b nm w=2u l=0.3u ad=1p as=2p pd=4u ps=5u\n.model nm nmos level=8 vth0=0.5 alpha0=1e-5 beta0=10 cgsl=1e-10 rsh=5",
        "M1 d g s b nm w=1u l=0.1u nf=2 ad=1p as=2p pd=4u ps=5u\n.model nm nmos level=14 vth0=0.4 toxe=2n alpha0=1e-7 beta0=10 cgsl=1e-10 rsh=5 igcmod=1 igbmod=1 agidl=1e-6 rgatemod=3 rbodymod=1 rdsmod=1",
        "D1 a b dm\n.model dm d cjo=1p tt=1n",
        "Q1 c b e s q\n.model q npn vaf=9 ikf=1m cje=1p cjc=2p cjs=1p iss=1e-15 tf=1n xtf=2 itf=1m tr=5n",
        "Q1 c b e s q\n.model q npn level=4 is=1e-14 isp=1e-13 wsp=0.7 wbe=0.8 iben=1e-12 ibcn=1e-12 ibeip=1e-14 ibenp=1e-12 ibcip=1e-14 ibcnp=1e-12 vef=9 ver=5 ikf=1m ikr=2m ikp=1m rcx=1 rci=60 vo=2 gamm=1e-9 rbx=20 rbi=40 re=1 rs=20 rbp=40 avc1=2 avc2=15 cje=1p cjc=2p cjep=1p cjcp=1p ccso=0.1p cbeo=0.1p cbco=0.2p qco=1e-14 tf=1n qtf=0.2 xtf=2 vtf=3 itf=1m tr=5n",
        "Q1 c b e s q\n.model q npn level=8 flcomp=2.3 hf0=2 hfe=3 hjei=2 ahjei=1 hjci=0.5 ibeis=1e-14 ireis=1e-12 ibeps=1e-14 ireps=1e-12 c10=1e-25 tbhrec=1n ibcxs=1e-14 ibets=1 abet=5 favl=10 qavl=1p kavl=0.3 rbi0=20 rbx=10 fcrbi=0.3 fqi=0.8 re=2 rcx=5 itss=1e-14 iscs=1e-14 tsf=1n rsu=30 csu=1p cjei0=1p cjep0=1p cjci0=1p vptci=2 cjcx0=1p vptcx=2 fbcpar=0.4 fbepar=0.3 cjs0=1p cscp0=1p t0=20p dt0h=2p tbvl=3p tef0=10p thcs=30p fthc=0.4 tr=10p vcbar=0.05 icbar=20m ich=0.1 cbepar=1p cbcpar=1p latl=0.4",
        "Q1 c b e s q\n.model q pnp subs=-1 cjc=2p cjs=1p iss=1e-15 tr=5n",
        "M1 d g s n\n.model n vdmos vto=0.5 rd=1 rs=2 rg=1 rb=1 rq=1 vq=1 cgs=1p cgdmax=3p cgdmin=1p cjo=1p tt=1n",
        "J1 d g s n\n.model n njf b=0.7 lambda=0.05 cgs=1p cgd=2p",
        "U1 a b c m l=2 n=3\n.model m urc isperl=1e-12",
        "Z1 d g s n\n.model n nmf level=2 rd=1 rs=2 rg=3 ri=4 rf=5",
        "Z1 d g s n\n.model n phfet level=5 rd=1 rs=2 rg=3 ri=4 rf=5 cds=1f",
        "Z1 d g s n\n.model n nmf b=0.7 lambda=0.05 rd=1 rs=2 cgs=1p cgd=2p",
        "C1 a b q='1e-9*(v(a)-v(b))**2'",
        "G1 a b value={v(a)*v(b)}",
        "S1 a b a b m\n.model m sw vh=-1",
    ] {
        let mut system = system(cards);
        let mut random = Random(3);
        for _ in 0..30 {
            let x: Vec<f64> = (0..system.len()).map(|_| 2.0 * random.next()).chain([0.0]).collect();
            system.evaluate(&x);
            for sums in [&system.f, &system.q] {
                let largest = sums.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
                assert!(sums.iter().sum::<f64>().abs() <= 1e-12 * largest, "{cards}: {sums:?}");
            }
        }
    }
}

/// Currents and charges of a transistor between d, g and b do not jump where drain and source change places.
fn assert_no_jump(system: &mut System, gate: f64, bulk: f64, options: &str) {
    let mut at = |drain: f64| {
        system.evaluate(&[drain, gate, bulk, 0.0]);
        (system.f.clone(), system.q.clone())
    };
    let (above, below) = (at(1e-9), at(-1e-9));
    let distance = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(distance(&above.0, &below.0) < 1e-11, "{options}: {above:?} {below:?}");
    assert!(distance(&above.1, &below.1) < 1e-22, "{options}: {above:?} {below:?}");
}

/// The MOSFET's charges and currents do not jump where drain and source change places.
#[test]
fn mosfet_is_continuous_at_zero_drain_voltage() {
    let mut system =
        system("M1 d g 0 b nm w=10u l=1u\n.model nm nmos capop=4 vto=0.5 kp=100u gamma=0.4 tox=20n lambda=0.05");
    for gate in [-2.0, -0.3, 0.49, 0.6, 3.0] {
        assert_no_jump(&mut system, gate, -0.7, "");
    }
}

/// Nor do those of BSIM3, whatever stands for its charges.
#[test]
fn bsim3_is_continuous_at_zero_drain_voltage() {
    for options in ["", "capmod=2 xpart=1", "capmod=1 xpart=0.5", "capmod=0"] {
        let mut system =
            system(&format!("M1 d g 0 b nm w=2u l=0.3u\n.model nm nmos level=8 vth0=0.5 tox=6n rdsw=200 {options}"));
        for gate in [-1.0, 0.3, 0.49, 0.6, 2.0] {
            assert_no_jump(&mut system, gate, -0.7, options);
        }
    }
}

/// Nor do those of BSIM4.
#[test]
fn bsim4_is_continuous_at_zero_drain_voltage() {
    for options in ["", "capmod=1 xpart=1", "capmod=0 xpart=0.5", "igcmod=1 igbmod=1 agidl=1e-6 rdsw=100"] {
        let model = format!(".model nm nmos level=14 vth0=0.4 toxe=2n dvtp0=1e-8 dvtp1=0.1 minv=0.1 {options}");
        let mut system = system(&format!("M1 d g 0 b nm w=1u l=0.1u\n{model}"));
        for gate in [-1.0, 0.3, 0.45, 1.2] {
            assert_no_jump(&mut system, gate, -0.3, options);
        }
    }
}

/// Nor do those of BSIMSOI, whatever its film.
#[test]
fn bsimsoi_is_continuous_at_zero_drain_voltage() {
    for options in
        ["", "soimod=1 capmod=3 xpart=1 fdmod=1 cdsbs=1e-4", "igcmod=1 igbmod=1 agidl=1e-6 alpha0=1e-3 xpart=0.5"]
    {
        let model =
            format!(".model nm nmos level=10 vth0=0.4 tox=3n dvtp0=1e-8 dvtp1=0.1 minv=0.1 isbjt=1e-5 {options}");
        let mut system = system(&format!("M1 d g 0 0 b nm w=1u l=0.2u\n{model}"));
        for gate in [-1.0, 0.3, 0.45, 1.2] {
            assert_no_jump(&mut system, gate, -0.3, options);
        }
    }
}

/// Nor do those of BSIM1, whose current turns sharply above threshold, and BSIM2; with the bulk forward too.
#[test]
fn early_bsim_is_continuous_at_zero_drain_voltage() {
    let bsim1 =
        "level=4 vfb=-0.8 phi=0.7 k1=0.6 k2=0.05 eta=0.01 muz=500 mus=600 vdd=5 u0=0.05 u1=0.1 tox=0.02 js=1e-4";
    let bsim2 = "level=5 vfb=-0.8 phi=0.7 k1=0.6 k2=0.05 eta0=0.01 tox=0.02 js=1e-4";
    for options in ["n0=200", "n0=200 xpart=1"] {
        let mut system = system(&format!("M1 d g 0 b nm w=2u l=1u\n.model nm nmos {bsim1} {options}"));
        for (gate, bulk) in [(-2.0, -0.7), (0.1, -0.7), (0.5, 0.0), (3.0, -0.7), (3.0, 0.2)] {
            assert_no_jump(&mut system, gate, bulk, options);
        }
    }
    for options in ["", "n0=0", "xpart=2"] {
        let mut system = system(&format!("M1 d g 0 b nm w=2u l=1u\n.model nm nmos {bsim2} {options}"));
        for (gate, bulk) in [(-2.0, -0.7), (0.3, -0.7), (0.5, 0.0), (3.0, -0.7), (3.0, 0.2)] {
            assert_no_jump(&mut system, gate, bulk, options);
        }
    }
}

/// The charges of BSIM1 and BSIM2 do not jump between accumulation, depletion, saturation and the linear region.
#[test]
fn charges_of_early_bsim_do_not_jump() {
    for model in [
        "level=4 vfb=-0.8 phi=0.7 k1=0.6 k2=0.05 eta=0.01 muz=500 mus=600 vdd=5 u0=0.05 tox=0.02 xpart=1 n0=200",
        "level=4 vfb=-0.8 phi=0.7 k1=0.6 muz=500 mus=600 vdd=5 tox=0.02 xpart=0 n0=200",
        "level=5 vfb=-0.8 phi=0.7 k1=0.6 k2=0.05 eta0=0.01 tox=0.02",
    ] {
        let mut system = system(&format!("M1 d g 0 b nm w=2u l=1u\n.model nm nmos {model}"));
        for (drain, bulk) in [(0.0, -0.5), (0.3, -0.5), (1.0, 0.0), (0.7, 0.2), (-0.4, -0.6)] {
            let mut before: Option<Vec<f64>> = None;
            for step in 0..6000 {
                system.evaluate(&[drain, -2.0 + f64::from(step) * 1e-3, bulk, 0.0]);
                if let Some(before) = before.replace(system.q.clone()) {
                    let jumps = before.iter().zip(&system.q).map(|(before, now)| (before - now).abs());
                    // The oxide has 3.5 fF: 3.5 aC in a step.
                    assert!(jumps.fold(0.0, f64::max) < 6e-18, "{model}: step {step} at {drain}, {bulk}");
                }
            }
        }
    }
}

/// What follows without evaluating BSIM4's equations: exponentials below threshold, the oxide's capacitance in accumulation, mirror
/// images, fingers side by side, and a current into the gate.
#[test]
fn bsim4_in_closed_form() {
    let model = "level=14 capmod=1 toxe=2n nfactor=0 cdsc=0 cit=0 jss=0 cgso=0 cgdo=0 cgbo=0 cf=0 igcmod=1 igbmod=1";
    let mut n = system(&format!("M1 d g 0 0 nm w=1u l=10u\n.model nm nmos vth0=0.5 igcmod=0 {model}"));
    // What is added for convergence is once for all fingers.
    n.set_environment(Environment::dc(0.0));
    let mut at = |drain: f64, gate: f64| {
        n.evaluate(&[drain, gate, 0.0]);
        (n.f[0], n.q[1], n.f[1])
    };
    let thermal = 8.617e-5 * 300.15;
    let [low, middle, high] = [0.0, 1.0, 2.0].map(|steps| at(1.0, 0.05 + steps * thermal).0);
    let growth = (high - middle) / (middle - low);
    assert!((growth / 1f64.exp() - 1.0).abs() < 2e-3, "{growth}");
    let slope = (at(0.0, -3.0).1 - at(0.0, -3.1).1) / 0.1;
    let oxide = 3.9 * 8.854e-12 / 2e-9 * 1e-11;
    assert!((slope / oxide - 1.0).abs() < 2e-3, "{slope} {oxide}");
    let (forward, _, gate) = at(1.0, 1.5);
    assert!(gate > 0.0, "{gate}");
    let mut fingers = system(&format!("M1 d g 0 0 nm w=3u l=10u nf=3 m=2\n.model nm nmos vth0=0.5 {model}"));
    fingers.set_environment(Environment::dc(0.0));
    fingers.evaluate(&[1.0, 1.5, 0.0]);
    assert!((fingers.f[0] - 6.0 * forward).abs() < 1e-12 * forward, "{} {forward}", fingers.f[0]);
    let plain = "level=14 toxe=2n jss=0 u0=0.03 eu=1 ud=0";
    let mut n = system(&format!("M1 d g 0 0 nm w=1u l=0.1u\n.model nm nmos vth0=0.5 {plain}"));
    let mut p = system(&format!("M1 d g 0 0 pm w=1u l=0.1u\n.model pm pmos vth0=-0.5 {plain}"));
    n.evaluate(&[1.0, 1.2, 0.0]);
    p.evaluate(&[-1.0, -1.2, 0.0]);
    assert!((p.f[0] + n.f[0]).abs() < 1e-12 * n.f[0], "{} {}", p.f[0], n.f[0]);
    assert!((p.q[1] + n.q[1]).abs() < 1e-12 * n.q[1], "{} {}", p.q[1], n.q[1]);
}

/// What follows without evaluating BSIMSOI's equations: exponentials of the body's junction and below threshold, the buried oxide's
/// capacitance, mirror images, and fingers side by side.
#[test]
fn bsimsoi_in_closed_form() {
    let model =
        "level=10 tox=3n nfactor=0 cdsc=0 cit=0 isrec=0 isbjt=0 isdif=1e-3 cgso=0 cgdo=0 cf=0 tsi=0.1u tbox=0.2u";
    let mut n = system(&format!("M1 d g 0 e b nm w=1u l=10u\n.model nm nmos vth0=0.5 {model}"));
    n.set_environment(Environment::dc(0.0));
    let mut at = |drain: f64, gate: f64, back: f64, body: f64| {
        n.evaluate(&[drain, gate, back, body, 0.0]);
        (n.f[0], n.f[3], n.q[2])
    };
    let thermal = 8.617e-5 * 300.15;
    let [low, middle, high] = [0.0, 1.0, 2.0].map(|steps| at(1.0, 0.05 + steps * thermal, 0.0, 0.0).0);
    let growth = (high - middle) / (middle - low);
    assert!((growth / 1f64.exp() - 1.0).abs() < 2e-3, "{growth}");
    let junction = at(0.0, -1.0, 0.0, 0.5).1;
    let expected = 2.0 * 1e-3 * 1e-6 * 1e-7 * (0.5 / thermal).exp_m1();
    assert!((junction / expected - 1.0).abs() < 1e-3, "{junction} {expected}");
    let slope = (at(0.0, 0.0, 1.0, 0.0).2 - at(0.0, 0.0, 0.0, 0.0).2) / 1.0;
    let buried = 3.9 * 8.854e-12 / 0.2e-6 * 1e-11;
    assert!((slope / buried - 1.0).abs() < 1e-3, "{slope} {buried}");
    // The substrate is the same for both, no mirror image: with soimod 0 it is without effect on currents, and a constant charge.
    let plain = "level=58 tox=3n u0=0.03 soimod=0 alpha0=1e-3 agidl=1e-8 igcmod=0 aigc=0.4";
    let mut n = system(&format!("M1 d g 0 0 b nm w=1u l=0.2u\n.model nm nmos vth0=0.5 {plain}"));
    let mut p = system(&format!("M1 d g 0 0 b pm w=1u l=0.2u\n.model pm pmos vth0=-0.5 {plain}"));
    let mut fingers = system(&format!("M1 d g 0 0 b nm w=3u l=0.2u nf=3 m=2\n.model nm nmos vth0=0.5 {plain}"));
    n.evaluate(&[0.0; 4]);
    p.evaluate(&[0.0; 4]);
    let constant: Vec<f64> = (0..3).map(|row| p.q[row] + n.q[row]).collect();
    n.evaluate(&[1.0, 1.2, 0.3, 0.0]);
    p.evaluate(&[-1.0, -1.2, -0.3, 0.0]);
    fingers.evaluate(&[1.0, 1.2, 0.3, 0.0]);
    for (row, constant) in constant.iter().enumerate() {
        assert!((p.f[row] + n.f[row]).abs() < 1e-12 * n.f[0], "{row}: {} {}", p.f[row], n.f[row]);
        let both = p.q[row] + n.q[row] - constant;
        assert!(both.abs() < 1e-12 * n.q[1], "{row}: {} {}", p.q[row], n.q[row]);
        assert!((fingers.f[row] - 6.0 * n.f[row]).abs() < 1e-9 * n.f[0], "{row}: {} {}", fingers.f[row], n.f[row]);
        assert!((fingers.q[row] - 6.0 * n.q[row]).abs() < 1e-9 * n.q[1], "{row}: {} {}", fingers.q[row], n.q[row]);
    }
}

/// What follows without evaluating BSIM3's equations: exponentials below threshold, the oxide's capacitance in accumulation, mirror
/// images, fingers side by side.
#[test]
fn bsim3_in_closed_form() {
    let model = "level=8 capmod=2 tox=6n nfactor=0 cdsc=0 cit=0 js=0 cgso=0 cgdo=0 cgbo=0 cf=0";
    let mut n = system(&format!("M1 d g 0 0 nm w=2u l=10u\n.model nm nmos vth0=0.6 {model}"));
    let mut at = |drain: f64, gate: f64| {
        n.evaluate(&[drain, gate, 0.0]);
        (n.f[0], n.q[1])
    };
    // With n = 1 the current below threshold grows by e in Vt; what leaks through the junction does not depend on the gate.
    let thermal = 8.617e-5 * 300.15;
    let [low, middle, high] = [0.0, 1.0, 2.0].map(|steps| at(1.0, 0.15 + steps * thermal).0);
    let growth = (high - middle) / (middle - low);
    assert!((growth / 1f64.exp() - 1.0).abs() < 2e-3, "{growth}");
    // In accumulation the gate has the oxide's capacitance.
    let slope = (at(0.0, -3.0).1 - at(0.0, -3.1).1) / 0.1;
    let oxide = 3.453_133e-11 / 6e-9 * 2e-11;
    assert!((slope / oxide - 1.0).abs() < 2e-3, "{slope} {oxide}");
    let forward = at(1.0, 1.5).0;
    let mut p = system(&format!("M1 d g 0 0 pm w=2u l=10u\n.model pm pmos vth0=-0.6 u0=0.067 {model}"));
    p.evaluate(&[-1.0, -1.5, 0.0]);
    assert!((p.f[0] + forward).abs() < 1e-12 * forward, "{} {forward}", p.f[0]);
    let mut fingers = system(&format!("M1 d g 0 0 nm w=6u l=10u nf=3 m=2\n.model nm nmos vth0=0.6 {model}"));
    fingers.evaluate(&[1.0, 1.5, 0.0]);
    assert!((fingers.f[0] - 6.0 * forward).abs() < 1e-12 * forward, "{} {forward}", fingers.f[0]);
}

/// Strong inversion, mirror images, and the gate-drain capacitance of a power MOSFET.
#[test]
fn power_mosfet_in_closed_form() {
    let at = |parameters: &str, drain: f64, gate: f64| {
        let mut system = system(&format!("M1 d g 0 v\n.model v vdmos({parameters} is=1e-40)"));
        system.set_environment(Environment::dc(0.0));
        let x = [drain, gate, 0.0];
        system.evaluate(&x);
        let current = system.f[0];
        let (_, capacitance) = system.small_signal(&x);
        let slot = |row, column| system.pattern().slot(row, column).map_or(0.0, |slot| capacitance[slot]);
        (current, -slot(0, 1), slot(1, 1) + slot(1, 0))
    };
    let close = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} should be {b}");
    // Of the drive of 4 V, 10 V are beyond saturation and 2 V, made 1.6 V, are not.
    let card = "vto=1 kp=2 lambda=0.1 theta=0.2 mtriode=0.8 ksubthres=0.1";
    close(at(card, 10.0, 5.0).0, 2.0 * 2.0 / 2.0 * 16.0 / 2.0);
    close(at(card, 2.0, 5.0).0, 2.0 * 1.2 / 2.0 * 1.6 * (4.0 - 0.8));
    // Far below threshold: e-fold per ksubthres, squared.
    close(at(card, 5.0, -1.5).0 / at(card, 5.0, -1.6).0, (2.0f64).exp() * 0.68 / 0.7);
    let (plain, mirrored) = ("vto=1.2 kp=2 mtriode=0.7", "pchan vto=-1.2 kp=2 mtriode=0.7");
    for (drain, gate) in [(1.4, 2.0), (0.4, 3.0), (1.0, 1.1), (-0.3, 2.0)] {
        close(at(mirrored, -drain, -gate).0, -at(plain, drain, gate).0);
        close(at(plain, -drain, gate - drain).0, -at(plain, drain, gate).0);
    }
    let card = "cgs=5 cgdmax=7 cgdmin=2 a=0.4";
    let scale = 5.0 / (1.0 + std::f64::consts::FRAC_PI_2);
    close(at(card, 1.0, 4.0).1, 7.0 - scale + scale * (1.2f64).tanh());
    close(at(card, 4.0, 1.0).1, 7.0 - scale - scale * (1.2f64).atan());
    close(at(card, 0.0, 1e4).1, 7.0);
    assert!((at(card, 1e6, 0.0).1 - 2.0).abs() < 1e-4);
    close(at(card, 4.0, 1.0).2, 5.0);
}

/// A fourth and a fifth node, as of a bulk or of ngspice's thermal model, change nothing.
#[test]
fn a_power_mosfet_leaves_other_nodes_alone() {
    let voltage = |nodes: &str, node: &str| {
        let card = format!("V1 v 0 9\nR1 v d 2\nV2 g 0 4\nM1 d g 0 {nodes} n\n.model n vdmos(vto=2 kp=1)");
        operating_voltage(&card, node)
    };
    let drain = voltage("", "d");
    assert!(drain > 1.0 && drain < 8.0, "{drain}");
    for nodes in ["0", "b", "j case"] {
        assert_eq!(voltage(nodes, "d"), drain, "{nodes}");
    }
    assert_eq!(voltage("j case", "case"), 0.0);
}

#[test]
fn self_heating_that_is_not_simulated_is_an_error_where_there_would_be_any() {
    let cards = [
        ("D1 a 0 t d thermal\n.model d d(is=1e-14", "rth0=10"),
        ("M1 a a 0 t c d thermal\n.model d vdmos(vto=1", "rthjc=10"),
    ];
    for (card, heating) in cards {
        let deck = |parameter: &str| format!("V1 a 0 0.7\nR1 t 0 1\n{card} {parameter})\n.op");
        assert!(build(&deck(heating)).is_err_and(|error| error.contains("asks for self-heating")), "{card}");
        assert!(build(&deck("")).is_ok(), "{card}");
    }
}

/// With a channel without resistance, the drain's resistance is all there is: rd + rq·vds/(vds + vq).
#[test]
fn drain_resistance_grows_in_quasi_saturation() {
    for (supply, resistance) in [(6.0, 1.0 + 4.0 * 6.0 / 8.0), (2.0, 1.0 + 4.0 / 2.0), (-0.3, 1.0)] {
        let cards = format!(
            "V1 d 0 {supply}\nM1 d g 0 v\nV2 g 0 20\nH1 out 0 V1 -1\n.model v vdmos(kp=1e9 rd=1 rq=4 vq=2 is=1e-30)"
        );
        let current = operating_voltage(&cards, "out");
        assert!((current - supply / resistance).abs() < 1e-6, "{supply}: {current}");
    }
}

/// All points of a transient analysis, by unknown.
struct Recorded {
    times: Vec<f64>,
    points: Vec<Vec<f64>>,
}

impl Output for Recorded {
    fn begin(&mut self, _kind: &PlotKind, _system: &System) {}

    fn point(&mut self, point: &Point) -> bool {
        if let Unknowns::Real(x) = point.unknowns {
            self.times.push(point.axis);
            self.points.push(x.to_vec());
        }
        true
    }

    fn progress(&mut self, _progress: ferrospice::analysis::Progress) {}

    fn end(&mut self, _statistics: &ferrospice::mna::Statistics) {}
}

fn run(cards: &str) -> (System, Recorded) {
    let mut system = system(cards);
    let circuit = system.circuit.clone();
    let mut recorded = Recorded { times: Vec::new(), points: Vec::new() };
    let card = circuit.analyses.iter().find_map(|card| match &card.analysis {
        Analysis::Transient(card) => Some(card.clone()),
        _ => None,
    });
    transient::run(&mut system, &card.expect("a .tran card"), &mut recorded).unwrap_or_else(|_| panic!("{cards}"));
    (system, recorded)
}

impl Recorded {
    /// Largest distance of the voltage of `node` from `wanted`, from the second point on.
    fn error(&self, system: &System, node: &str, wanted: impl Fn(f64) -> f64) -> f64 {
        let unknown = system.node_unknown(system.circuit.node_index[node]);
        let points = self.times.iter().zip(&self.points).skip(1);
        points.map(|(&time, x)| (x[unknown] - wanted(time)).abs()).fold(0.0, f64::max)
    }
}

#[test]
fn derivative_and_integral_of_a_sine() {
    let (system, recorded) = run(
        "V1 a 0 sin(0 1 1k)\nB1 b 0 v=ddt(v(a))*1e-3\nB2 c 0 v=idt(v(a),0.25)*1e3\nB3 d 0 v=1e6*sdt(i(R1))\nR1 a e 1k\nC1 e 0 1u\n.tran 5u 2m",
    );
    let w = TAU * 1e3;
    assert!(recorded.error(&system, "c", |t| (0.25 + (1.0 - (w * t).cos()) / w) * 1e3) < 1e-3);
    assert!(recorded.error(&system, "b", |t| w * (w * t).cos() * 1e-3) < 0.3);
    let (d, e) = (system.circuit.node_index["d"], system.circuit.node_index["e"]);
    let (d, e) = (system.node_unknown(d), system.node_unknown(e));
    assert!(recorded.points.iter().all(|x| (x[d] - x[e]).abs() < 1e-3));
}

#[test]
fn corners_of_expressions_are_time_points() {
    let (_, recorded) = run(
        "B1 a 0 v=(time>0.5m ? 1 : 0)+pwl(2*time,0,0,0.66m,1,2m,2)\nR1 a 0 1k\nV1 b 0 pwl(0 0 0.21m 1 0.83m 0)\nRb b 0 1k\n.tran 0.1m 1.5m",
    );
    for corner in [0.5e-3, 0.33e-3, 1e-3, 0.21e-3, 0.83e-3] {
        assert!(recorded.times.iter().any(|time| (time - corner).abs() < 1e-12), "{corner}");
    }
}

#[test]
fn energy_stays_in_an_lc_circuit() {
    let (system, recorded) = run("C1 a 0 1u ic=1\nL1 a 0 1m\n.tran 1u 1m uic");
    let a = system.node_unknown(system.circuit.node_index["a"]);
    let i = (0..system.len()).find(|&unknown| unknown != a).expect("a branch current");
    for x in recorded.points.iter().skip(1) {
        let energy = 0.5e-6 * x[a] * x[a] + 0.5e-3 * x[i] * x[i];
        assert!((energy - 0.5e-6).abs() < 0.02e-6, "{energy}");
    }
}

#[test]
fn switch_has_hysteresis() {
    let (system, recorded) = run(
        "V1 c 0 pwl(0 0 1m 1 2m 0)\nVd d 0 1\nR1 d a 1k\nS1 a 0 c 0 m\n.model m sw vt=0.5 vh=0.2 ron=1 roff=1meg\n.tran 10u 2m",
    );
    let a = system.node_unknown(system.circuit.node_index["a"]);
    for (time, x) in recorded.times.iter().zip(&recorded.points) {
        let on = x[a] < 0.5;
        // On above 0.7 V on the way up, off below 0.3 V on the way down; located to a thousandth of the step.
        if (time - 0.7e-3).abs() > 1e-7 && (time - 1.7e-3).abs() > 1e-7 {
            assert_eq!(on, (0.7e-3..1.7e-3).contains(time), "at {time}");
        }
    }
}

/// Node voltage at the operating point.
fn operating_voltage(cards: &str, node: &str) -> f64 {
    let mut system = system(cards);
    let mut x = system.initial_unknowns();
    operating_point::find(&mut system, &mut x, &[], &mut Unwatched).unwrap_or_else(|_| panic!("{cards}"));
    x[system.node_unknown(system.circuit.node_index[node])]
}

#[test]
fn polynomials_and_tables() {
    let sources = "V1 a 0 2\nV2 b 0 3\nR1 o 0 1\n";
    for (card, wanted) in [
        ("E1 o 0 poly(1) a 0 5", 10.0),
        ("E1 o 0 poly(1) a 0 5 1", 7.0),
        ("E1 o 0 poly(2) a 0 b 0 1 10 100 1000 1e4 1e5", 1.0 + 20.0 + 300.0 + 4e3 + 6e4 + 9e5),
        ("G1 0 o poly(2) a 0 b 0 0 0 0 0 1", 6.0),
        ("H1 o 0 poly(1) V3 0 0 1\nV3 p 0 1\nR3 p 0 0.5", 4.0),
        ("F1 0 o poly(1) V3 1 1\nV3 p 0 1\nR3 p 0 0.5", -1.0),
        ("E1 o 0 table {v(a)} = (0,0) (1,10) (3,20)", 15.0),
        ("E1 o 0 value={v(a)*v(b)}", 6.0),
        ("B1 o 0 v=uplim(v(a),2.5,1)+dnlim(v(b),2.5,1)", 2.5 - (-0.5f64).exp() + 2.5 + (-0.5f64).exp()),
        ("B1 o 0 v={uplim(v(a),9,1)+uplim(1,1,2)+dnlim(5,1,2)}", 2.0 + 1.0 - 2.0 * (-1.0f64).exp() + 5.0),
        ("B1 o 0 v=v(a)>1 ? temper : 0", 27.0),
        ("B1 0 o i=i(R9)*1000\nR9 a b 1k", -1.0),
        ("B1 o 0 v=1 m=2 tc1=0.1 temp=37", 2.0),
    ] {
        let found = operating_voltage(&format!("{sources}{card}"), "o");
        assert!((found - wanted).abs() < 1e-6 * wanted.abs(), "{card}: {found} should be {wanted}");
    }
}

/// All that the terminals of a VBIC transistor take warms it, whichever way the currents flow.
#[test]
fn heat_is_what_the_terminals_take() {
    let model = ".model m npn level=4 rth=300 cth=1n is=1e-16 isp=1e-15 wsp=0.8 ibeip=1e-18 ibcip=1e-18 rcx=10 rci=60 vo=2 gamm=2e-11 rbx=10 \
                 rbi=40 re=2 rs=20 rbp=40 ikp=0.2m ikf=2m avc1=2 avc2=15 vef=10";
    for [c, b, e, s] in [[3.0, 0.85, 0.0, 0.0], [0.1, 0.9, 0.0, -1.0], [0.0, 0.9, 1.5, 0.0], [0.0, 0.0, 0.0, 0.75]] {
        let cards = format!(
            "{model}\nvc c 0 {c}\nvb b 0 {b}\nve e 0 {e}\nvs s 0 {s}\nq1 c b e s t m area=2 m=3\n\
             b1 o 0 v={{v(t) + 50*({c}*i(vc) + {b}*i(vb) + {e}*i(ve) + {s}*i(vs))}}"
        );
        let (rise, difference) = (operating_voltage(&cards, "t"), operating_voltage(&cards, "o"));
        assert!(rise > 1e-3 && difference.abs() < 1e-6 * rise, "{c} {b} {e} {s}: {rise} K, {difference}");
    }
}

/// The exponentials of a VBIC transistor are those of kT/q at its own temperature, whatever makes it that warm.
#[test]
fn thermal_voltage_is_that_of_the_transistor() {
    let ratio = (0.06f64 / (1.380662e-23 / 1.602189e-19 * 373.15)).exp();
    // Without a thermal resistance the thermal node is without effect.
    for (card, more) in
        [("q1 c b 0 0 m temp=100", ""), ("q1 c b 0 0 t m temp=100", ""), ("q1 c b 0 0 t m", " rth=1u\nvt t 0 73")]
    {
        let at = |v: f64| {
            let rest = format!(
                ".model m npn level=4 is=1e-16 rci=0 rbi=0 rbp=0{more}\nvc c 0 1\nvb b 0 {v}\nb1 o 0 v={{-i(vc)}}"
            );
            operating_voltage(&format!("{card}\n{rest}"), "o")
        };
        let found = at(0.46) / at(0.4);
        assert!((found / ratio - 1.0).abs() < 1e-4, "{card}: {found} should be {ratio}");
    }
}

/// With flsh=2 all that the terminals of a HICUM transistor take warms it, where no avalanche and no recombination takes part.
#[test]
fn heat_of_hicum_is_what_the_terminals_take() {
    let model = ".model m npn level=8 flcomp=2.3 flsh=2 rth=300 cth=1n rcx=5 re=2 rbx=5 rbi0=10 ibeps=1e-19 t0=1p thcs=5p tef0=1p cjei0=10f";
    for [c, b, e] in [[1.5, 0.85, 0.0], [0.1, 0.95, 0.0], [0.0, 0.9, 1.0]] {
        let cards = format!(
            "{model}\nvc c 0 {c}\nvb b 0 {b}\nve e 0 {e}\nq1 c b e 0 t m area=2 m=3\n\
             b1 o 0 v={{v(t) + 50*({c}*i(vc) + {b}*i(vb) + {e}*i(ve))}}"
        );
        let (rise, difference) = (operating_voltage(&cards, "t"), operating_voltage(&cards, "o"));
        assert!(rise > 1e-3 && difference.abs() < 1e-6 * rise, "{c} {b} {e}: {rise} K, {difference}");
    }
}

/// A pnp takes at all voltages the currents of an npn at the opposite ones, with other signs.
#[test]
fn pnp_of_hicum_is_the_npn_mirrored() {
    let model = "level=8 itss=1e-17 iscs=1e-16 rcx=5 re=2 rbx=5 rbi0=10 rsu=50 t0=1p thcs=5p tef0=1p cjei0=10f cjci0=5f favl=20 qavl=50f";
    for [c, b, s] in [[1.5, 0.85, -1.0], [0.1, 0.9, 0.0], [0.0, 0.7, 0.7], [2.5, 0.8, 0.0]] {
        let currents = |kind: &str, sign: f64| {
            ["vc", "vb", "vs"].map(|source| {
                let cards = format!(
                    ".model m {kind} {model}\nvc c 0 {}\nvb b 0 {}\nvs s 0 {}\nq1 c b 0 s m\nb1 o 0 v={{1e6*i({source})}}",
                    sign * c,
                    sign * b,
                    sign * s
                );
                sign * operating_voltage(&cards, "o")
            })
        };
        let (npn, pnp) = (currents("npn", 1.0), currents("pnp", -1.0));
        for (one, other) in npn.iter().zip(pnp) {
            assert!((one - other).abs() < 1e-6 * one.abs() + 1e-9, "{c} {b} {s}: {npn:?} {pnp:?}");
        }
        assert!(npn.iter().any(|current| current.abs() > 1.0));
    }
}

/// Source and drain of these transistors are alike: exchanged, they take the same currents.
#[test]
fn source_and_drain_can_be_exchanged() {
    for level in 2..=6 {
        for (kind, sign) in [("nmf", 1.0), ("pmf", -1.0)] {
            for (drain, gate) in [(1.5, -0.2), (0.1, 0.3), (-0.6, -0.5), (-1.0, 0.2)] {
                let cards = format!(
                    "vg g 0 {}\nva a 0 {}\nvb b 0 {}\nz1 a g 0 m\nz2 0 g b m\n.model m {kind} level={level} vto={}\n\
                     b1 o 0 v={{(i(va) - i(vb))/i(va)}}\nb2 p 0 v={{-i(va)}}",
                    sign * gate,
                    sign * drain,
                    sign * drain,
                    -0.8
                );
                let (difference, current) = (operating_voltage(&cards, "o"), operating_voltage(&cards, "p"));
                assert!(difference.abs() < 1e-9, "level {level} {kind} at {drain} {gate}: {difference}");
                assert!(sign * drain * current > 0.0, "level {level} {kind} at {drain} {gate}: {current}");
            }
        }
    }
}

#[test]
fn mistakes_are_reported() {
    for (cards, part) in [
        ("B1 a 0 v=x(R1)\nR1 a 0 1", "not a state"),
        ("B1 a 0 q=1\nR1 a 0 1", "neither"),
        ("B1 a 0 v=pwl(time,0,0,0,1)\nR1 a 0 1", "increase"),
        ("M1 a b c d m\n.model m nmos level=18", "level"),
        ("M1 a b c d m l=1u\n.model m nmos ld=1u", "length"),
        ("M1 a b c d m l=1u\n.model m nmos level=8 lint=1u", "length"),
        ("M1 a b c d m\n.model m nmos level=8 nqsmod=1", "delay"),
        ("M1 a b c d m\n.model m nmos level=8 tox=0", "positive"),
        ("M1 a b c m\n.model m nmos level=49", "4 nodes"),
        ("M1 a b c d m l=1u\n.model m nmos level=14 lint=1u", "length"),
        ("M1 a b c d m\n.model m nmos level=54 trnqsmod=1", "delay"),
        ("M1 a b c d m\n.model m nmos level=10 mtrlmod=1", "silicon"),
        ("M1 a b c d m rgatemod=3\n.model m nmos level=58", "electrode"),
        ("M1 a b c d m\n.model m nmos level=54 toxe=0", "positive"),
        ("M1 a b c m\n.model m nmos level=54", "4 nodes"),
        ("M1 a b c m thermal\n.model m vdmos rthjc=1", "self-heating"),
        ("M1 a b c m\n.model m vdmos ksubthres=0", "positive"),
        ("M1 a b c m\n.model m nmos", "at least 4 nodes"),
        ("Q1 a b c m\n.model m npn level=7", "level 7"),
        ("Q1 a b c m\n.model m npn level=8 rci0=0", "positive"),
        ("Q1 a b c m area=0\n.model m pnp level=8", "area"),
        ("Z1 a b c m\n.model m nmf level=7", "no MESFET"),
        ("Z1 a b c m\n.model m nmf level=2 nd=0", "positive"),
        ("Z1 a b c m l=0\n.model m nmf level=3", "length and width"),
        ("Z1 a b c m\n.model m nhfet level=5 gatemod=1", "hot electrons"),
        ("Z1 a b c m\n.model m phfet level=6 nmax=0", "positive"),
        ("Z1 a b c m\n.model m nmf alpha=0", "positive"),
        ("O1 a 0 b 0 m\n.model m ltra r=1 c=1", "`len`"),
        ("O1 a 0 b 0 m\n.model m ltra r=1 l=1 len=1", "no line"),
        ("O1 a 0 b 0 m\n.model m ltra l=1 g=1 len=1", "no line"),
        ("Y1 a 0 b 0 m\n.model m txl r=1 l=1 c=1", "positive length"),
        ("Y1 a 0 b m\n.model m txl l=1 c=1 length=1", "4 nodes"),
        ("Y1 a 0 b 0 m\n.model m txl l=-1 c=1 length=1", "negative"),
        ("P1 a b 0 c d m\n.model m cpl l=1 0.2 1 c=1 -0.1 1 length=1", "5 nodes"),
        ("P1 a b 0 c d 0 m\n.model m cpl l=1 0.2 c=1 -0.1 1 length=1", "3 numbers"),
        ("P1 a b 0 c d 0 m\n.model m cpl l=1 0.2 1 c=1 -2 1 length=1", "positive definite"),
        ("P1 a b 0 c d 0 m\n.model m cpl l=1 0.2 1 c=1 -0.1 1", "positive length"),
        ("ypde r4 a 0 m\n.model m zod", "YMEMRISTOR"),
        ("O1 a 0 b 0 m\n.model m ltra r=-1 l=1 c=1 len=1", "negative"),
        ("L1 a 0 hc=16 bs=0.44 br=0.1 a=25u lm=19.8m\nR1 a 0 1", "positive `n`"),
        ("L1 a 0 hc=16 bs=0.44 br=0.5 a=25u lm=19.8m n=9\nR1 a 0 1", "below `bs`"),
        ("L1 a 0 hc=16 bs=0.44 br=0.1 a=25u lm=19.8m n=9\nL2 b 0 1\nK1 L1 L2 0.5\nR1 a b 1", "coupled"),
        ("R1 a 0 m\n.model m r level=2", "needs a resistance"),
        ("R1 a 0 1 m\n.model m r level=2", "needs a heat capacity"),
        ("L1 a 0 -3\nR1 a 0 1\nK1 L1 0.9 m\n.model m core", "turns"),
        ("L1 a 0 30\nR1 a 0 1\nK1 L1 0.9 m\n.model m core level=3", "level"),
        ("L1 a 0 30\nR1 a 0 1\nK1 L1 0.9 m\n.model m core ms=0", "positive"),
        ("L1 a 0 30\nR1 a 0 1\nK1 L1 0.9 m\n.model m d", "no core"),
        ("U1 a b c m\n.model m urc", "positive length"),
        ("U1 a b c m l=1\n.model m urc k=1", "number of lumps"),
        ("U1 a b c m l=1 n=1.5\n.model m urc", "whole"),
        ("U1 a b c m l=1\n.model m urc k=1.0001 fmax=1e20", "whole"),
        ("Q1 a b c m\n.model m npn level=5", "level"),
        ("Q1 a b c m\n.model m npn level=4 nei=0", "positive"),
        ("Q1 a b c m areab=-1\n.model m npn", "areab"),
        ("J1 a b c m\n.model m njf is=-1", "positive"),
        ("S1 a 0 b 0 m\n.model m sw ron=-1", "positive"),
        ("V1 a 0 pwl(0 0 2 1 1 3)\nR1 a 0 1", "increase"),
        ("V1 a 0 pwl file=\"nothing.txt\"\nR1 a 0 1", "nothing.txt"),
        ("E1 a 0 laplace {v(b)} {exp(s)}\nR1 a b 1", "quotient"),
    ] {
        let error = build(cards).err().unwrap_or_else(|| panic!("no error: {cards}"));
        assert!(error.contains(part), "{cards}: {error}");
    }
}

/// The voltages of a flip-flop's two sides, one of whose transistors is `off`.
fn flip_flop(device: &str, model: &str, off: usize) -> [f64; 2] {
    let word = |side: usize| if side == off { "off" } else { "" };
    let of_side = |side: usize, other: usize| match device {
        "q" => format!("q{side} c{side} b{side} 0 t {}\nra{side} c{other} b{side} 100k\n", word(side)),
        _ => format!("m{side} c{side} c{other} 0 0 t w=10u l=1u {}\n", word(side)),
    };
    let (one, other) = (of_side(1, 2), of_side(2, 1));
    let mut system = system(&format!("v1 s 0 5\nr1 s c1 20k\nr2 s c2 20k\n{one}{other}.model t {model}\n.op\n"));
    let mut x = system.initial_unknowns();
    operating_point::find(&mut system, &mut x, &[], &mut Unwatched).unwrap();
    ["c1", "c2"].map(|node| x[system.node_unknown(system.circuit.node_index[node])])
}

#[test]
fn what_is_off_decides_between_two_solutions() {
    for (device, model) in [
        ("q", "npn bf=100"),
        ("m", "nmos kp=1m vto=1"),
        ("q", "npn level=8"),
        ("m", "nmos level=8 version=3.3"),
        ("m", "nmos level=14"),
    ] {
        for off in [1, 2] {
            let voltages = flip_flop(device, model, off);
            let (blocking, conducting) = (voltages[off - 1], voltages[2 - off]);
            assert!(blocking > 2.0 && conducting < 0.5 * blocking, "{model}, {off} off: {voltages:?}");
        }
    }
}
