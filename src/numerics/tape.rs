//! Numbers in a row, written by what has a state and read back into it by the same code.

/// A tape that is being written, or read from its beginning.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    values: Vec<f64>,
    /// The next value to read; none while writing.
    place: Option<usize>,
    too_short: bool,
}

impl Tape {
    /// An empty one, to write.
    pub fn new() -> Self {
        Tape::default()
    }

    /// One to read.
    pub fn of(values: Vec<f64>) -> Self {
        Tape { values, place: Some(0), too_short: false }
    }

    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Whether all has been read, and nothing was missing.
    pub fn is_used_up(&self) -> bool {
        !self.too_short && self.place.is_none_or(|place| place == self.values.len())
    }

    pub fn number(&mut self, value: &mut f64) {
        match &mut self.place {
            None => self.values.push(*value),
            Some(place) => match self.values.get(*place) {
                Some(&read) => {
                    *value = read;
                    *place += 1;
                }
                None => self.too_short = true,
            },
        }
    }

    /// A number of things, below 2⁵³.
    pub fn count(&mut self, value: &mut usize) {
        let mut number = *value as f64;
        self.number(&mut number);
        *value = number as usize;
    }

    pub fn truth(&mut self, value: &mut bool) {
        let mut number = f64::from(u8::from(*value));
        self.number(&mut number);
        *value = number != 0.0;
    }

    pub fn optional(&mut self, value: &mut Option<f64>) {
        let mut is_there = value.is_some();
        self.truth(&mut is_there);
        let mut number = value.unwrap_or(0.0);
        self.number(&mut number);
        *value = is_there.then_some(number);
    }

    /// Numbers whose count does not change.
    pub fn numbers(&mut self, values: &mut [f64]) {
        values.iter_mut().for_each(|value| self.number(value));
    }

    /// Things of any number, each of which `visit` writes or reads.
    pub fn list<T: Clone>(&mut self, items: &mut Vec<T>, blank: T, mut visit: impl FnMut(&mut Self, &mut T)) {
        let mut count = items.len();
        self.count(&mut count);
        // A damaged tape must not ask for more than it has.
        if self.place.is_some() && count > self.values.len() {
            self.too_short = true;
            return;
        }
        items.resize(count, blank);
        items.iter_mut().for_each(|item| visit(self, item));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(tape: &mut Tape, (a, b, c): &mut (f64, Option<f64>, Vec<f64>)) {
        tape.number(a);
        tape.optional(b);
        tape.list(c, 0.0, Tape::number);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut written = Tape::new();
        visit(&mut written, &mut (1.5, Some(2.0), vec![3.0, 4.0]));
        let mut read = Tape::of(written.values().to_vec());
        let mut state = (0.0, None, Vec::new());
        visit(&mut read, &mut state);
        assert_eq!(state, (1.5, Some(2.0), vec![3.0, 4.0]));
        assert!(read.is_used_up());
        let mut short = Tape::of(vec![1.0, 0.0, 0.0, 9.0]);
        visit(&mut short, &mut (0.0, None, Vec::new()));
        assert!(!short.is_used_up());
    }
}
