//! The circuit as groups of devices over numbered unknowns: what devices build and the MNA system takes over.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::array_view::Line;
use super::behavioural::{Behavioural, BehaviouralGroup};
use super::construct::Construction;
use super::device::Device;
use super::group::Group;
use super::uniform_group::Devices;
use crate::circuit::{Circuit, ElementId, ModelId, NodeId};

/// Index of an unknown; [`GROUND_UNKNOWN`] stands for node 0 until their number is known.
pub type Unknown = u32;

/// What an unknown is; decides its tolerance and how its row is treated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UnknownKind {
    /// Node voltage, V; its row is Kirchhoff's current law.
    Voltage,
    /// Branch current, A; its row is the branch's voltage equation.
    Current,
    /// Internal state of a device with its natural scale; held in DC analyses, integrated L-stably.
    State { scale: f64 },
    /// Position of a switch: held always, changed by events.
    Discrete,
}

/// Name and kind of an unknown.
#[derive(Debug, Clone)]
pub struct UnknownInfo {
    pub name: UnknownName,
    pub kind: UnknownKind,
}

/// Where an unknown belongs: kept as indices, since a large circuit has a million of them.
#[derive(Debug, Clone)]
pub enum UnknownName {
    Node(NodeId),
    /// A node inside a device: `d1#anode`.
    Internal(ElementId, Cow<'static, str>),
    /// `i(element)`
    Branch(ElementId),
    /// `name(element)`, also `@element[name]`
    State(ElementId, Arc<str>),
    /// A part of the cell in this row and column of an array: `v(element.wl[row][column])`.
    Cell(ElementId, CellPart, u32, u32),
}

/// What an unknown is to a cell of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellPart {
    Node(Line),
    /// Number of the state in its cell.
    State(u8),
}

/// Where an element's principal device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    pub group: u32,
    pub device: u32,
}

/// Devices in groups, and the unknowns between them.
#[derive(Default)]
pub struct Assembly {
    pub groups: Vec<Box<dyn Group>>,
    pub unknowns: Vec<UnknownInfo>,
    /// Values at which states and discrete unknowns are held, by unknown.
    pub held: Vec<(Unknown, f64)>,
    /// Per element; `None` where it has no device (K, X).
    pub principal: Vec<Option<Location>>,
    /// Branch current unknown per element.
    pub branches: FxHashMap<ElementId, Unknown>,
    /// States and internal unknowns by element and name.
    pub states: FxHashMap<(ElementId, Arc<str>), Unknown>,
    /// Nodes behind the zero-volt sources that sense the currents of elements without a branch current.
    pub sensed: FxHashMap<ElementId, Unknown>,
    /// Unknowns of arrays in a good order of elimination.
    pub elimination: Vec<Unknown>,
    /// Quantities that expressions read; found with the plan.
    pub observed: FxHashSet<(ElementId, Arc<str>)>,
    /// Elements that the devices of noisy groups belong to.
    pub owners: FxHashMap<u32, Vec<ElementId>>,
    /// Names of the noise of resistances that elements have not: it is nothing.
    pub silent: Vec<(ElementId, &'static str)>,
    /// What has been made of cards, by its type, the model and a hash of the card's numbers, with the first such element: cells of
    /// a memory are alike.
    pub made: FxHashMap<MadeKey, (ElementId, Box<dyn Any + Send + Sync>)>,
    /// What has been read of cards alone, by element, where the same cards are to be assembled again.
    pub read: Option<FxHashMap<ElementId, Box<dyn Any + Send + Sync>>>,
    /// The order of the cards and what makes their devices, found for the first assembly of these cards.
    pub plan: Option<Plan>,
    typed: FxHashMap<TypeId, usize>,
}

/// What an assembly does, whatever numbers are on the cards.
#[derive(Default)]
pub struct Plan {
    /// Elements whose currents need a source of 0 V.
    pub sensed: Vec<ElementId>,
    /// Elements in the order in which their devices are made.
    pub cards: Vec<(ElementId, Constructor)>,
}

/// Makes the devices of an element.
pub type Constructor = fn(Construction);

/// Type of what was made, model, hash of the numbers.
pub type MadeKey = (TypeId, Option<ModelId>, u64);

/// Stands for ground until the number of unknowns is known.
pub const GROUND_UNKNOWN: Unknown = u32::MAX;

impl Assembly {
    /// One unknown per node of `circuit` except ground, and no device.
    pub fn new(circuit: &Circuit) -> Self {
        let mut assembly = Assembly::default();
        assembly.begin(circuit);
        assembly
    }

    /// The same in place. What an earlier assembly of the same cards needed is kept as
    /// storage.
    pub fn begin(&mut self, circuit: &Circuit) {
        if !self.groups.iter_mut().all(|group| group.clear()) {
            self.groups.clear();
            self.typed.clear();
        }
        let node =
            |index: usize| UnknownInfo { name: UnknownName::Node(NodeId(index as u32)), kind: UnknownKind::Voltage };
        self.unknowns.clear();
        self.unknowns.extend((1..circuit.nodes.len()).map(node));
        self.principal.clear();
        self.principal.resize(circuit.elements.len(), None);
        self.held.clear();
        self.branches.clear();
        self.states.clear();
        self.sensed.clear();
        self.elimination.clear();
        self.owners.values_mut().for_each(Vec::clear);
        self.silent.clear();
    }

    pub fn node(&self, node: NodeId) -> Unknown {
        if node.0 == 0 { GROUND_UNKNOWN } else { node.0 - 1 }
    }

    /// A new unknown.
    pub fn unknown(&mut self, name: UnknownName, kind: UnknownKind) -> Unknown {
        self.unknowns.push(UnknownInfo { name, kind });
        self.unknowns.len() as u32 - 1
    }

    /// A node inside `element`.
    pub fn internal_node(&mut self, element: ElementId, name: impl Into<Cow<'static, str>>) -> Unknown {
        self.unknown(UnknownName::Internal(element, name.into()), UnknownKind::Voltage)
    }

    /// The branch current of `element`, made at the first call (an element that senses it may come first).
    pub fn branch(&mut self, element: ElementId) -> Unknown {
        if let Some(&unknown) = self.branches.get(&element) {
            return unknown;
        }
        let unknown = self.unknown(UnknownName::Branch(element), UnknownKind::Current);
        self.branches.insert(element, unknown);
        unknown
    }

    /// An internal state that starts, and is held in DC analyses, at `value`.
    pub fn state(&mut self, element: ElementId, name: &str, scale: f64, value: f64) -> Unknown {
        self.held_unknown(element, name, UnknownKind::State { scale }, value)
    }

    /// The same for a state called `name`, of scale 1.
    pub fn held_state(&mut self, name: UnknownName, value: f64) -> Unknown {
        let unknown = self.unknown(name, UnknownKind::State { scale: 1.0 });
        self.held.push((unknown, value));
        unknown
    }

    /// A discrete unknown that starts at `value`.
    pub fn discrete(&mut self, element: ElementId, name: &str, value: f64) -> Unknown {
        self.held_unknown(element, name, UnknownKind::Discrete, value)
    }

    fn held_unknown(&mut self, element: ElementId, name: &str, kind: UnknownKind, value: f64) -> Unknown {
        let name: Arc<str> = name.into();
        let unknown = self.unknown(UnknownName::State(element, name.clone()), kind);
        self.held.push((unknown, value));
        self.states.insert((element, name), unknown);
        unknown
    }

    /// Adds a device; the first one added for `element` is its principal device.
    pub fn add<D: Device<N>, const N: usize>(&mut self, element: ElementId, device: D, unknowns: [Unknown; N]) {
        let location = self.add_auxiliary(element, device, unknowns);
        self.principal[element.0 as usize].get_or_insert(location);
    }

    /// Adds a part of `element` that is not its principal device.
    pub fn add_auxiliary<D: Device<N>, const N: usize>(
        &mut self,
        element: ElementId,
        device: D,
        unknowns: [Unknown; N],
    ) -> Location {
        let group = *self.typed.entry(TypeId::of::<D>()).or_insert_with(|| {
            self.groups.push(Box::new(Devices::<D, N>::default()));
            self.groups.len() - 1
        });
        if D::NOISY {
            self.owners.entry(group as u32).or_default().push(element);
        }
        let any: &mut dyn Any = self.groups[group].as_any_mut();
        // The group was made for this very type two lines above.
        let device = any.downcast_mut::<Devices<D, N>>().map_or(0, |devices| devices.push(device, unknowns));
        Location { group: group as u32, device }
    }

    /// Adds a group of its own kind; its devices are principal ones of `element`.
    pub fn add_group(&mut self, element: Option<ElementId>, group: Box<dyn Group>) {
        self.groups.push(group);
        if let Some(element) = element {
            let group = self.groups.len() as u32 - 1;
            self.principal[element.0 as usize].get_or_insert(Location { group, device: 0 });
        }
    }

    /// Adds a behavioural device, the principal one of `element` if it has none yet.
    pub fn add_behavioural(&mut self, element: Option<ElementId>, device: Behavioural) {
        let group = *self.typed.entry(TypeId::of::<BehaviouralGroup>()).or_insert_with(|| {
            self.groups.push(Box::new(BehaviouralGroup::default()));
            self.groups.len() - 1
        });
        let any: &mut dyn Any = self.groups[group].as_any_mut();
        let device = any.downcast_mut::<BehaviouralGroup>().map_or(0, |devices| devices.push(device));
        if let Some(element) = element {
            self.principal[element.0 as usize].get_or_insert(Location { group: group as u32, device });
        }
    }

    /// An unknown of `element` with a row of its own, named like a state.
    pub fn auxiliary(&mut self, element: ElementId, name: &str, kind: UnknownKind) -> Unknown {
        let name: Arc<str> = name.into();
        let unknown = self.unknown(UnknownName::State(element, name.clone()), kind);
        self.states.insert((element, name), unknown);
        unknown
    }

    /// Replaces [`GROUND_UNKNOWN`] by its final index, the number of unknowns.
    pub fn finish(&mut self) {
        self.made.clear();
        let ground = self.unknowns.len() as u32;
        for group in &mut self.groups {
            group.set_ground(ground);
        }
    }
}
