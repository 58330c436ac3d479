//! What was found about refusals, as a section of the page with a table and plots.

use std::fmt::Write as _;

use keyfob_tests::Result;

use crate::{
    enumeration::Enumeration,
    page,
    plot::{self, Curve},
    report::cell,
    statistics::Sample,
};

const BEGIN: &str = "<!-- Written by `cargo xtask bench refusals` from here -->";

/// All comparisons.
#[derive(Debug)]
pub struct Refusals(pub Vec<Enumeration>);

impl Refusals {
    /// As it stands in the page.
    #[must_use]
    pub fn text(&self) -> String {
        let mut table = "### Refusals\n\n\
                         | | calls of a kind | | P(first longer) | z | p | told apart | smallest shift that is found |\n\
                         |---|---|---|---|---|---|---|---|\n"
            .to_owned();
        for enumeration in &self.0 {
            write_rows(&mut table, enumeration);
        }
        table
    }

    /// Writes section and plots.
    ///
    /// # Errors
    /// The page has lost its marks, or a file can't be written.
    pub fn write(&self) -> Result<()> {
        page::write(BEGIN, &self.text())?;
        self.0.iter().try_for_each(plot)
    }
}

fn write_rows(table: &mut String, enumeration: &Enumeration) {
    let count = enumeration.times.first().map_or(0, Sample::count);
    for (first, second, test) in enumeration.comparisons() {
        // Writing to a string does not fail.
        let _ = writeln!(
            table,
            "| {} | {count} | {first}; {second} | {:.3} | {:.2} | {:.1e} | {} | {:.0} µs |",
            enumeration.name,
            test.exceeds,
            test.z,
            test.p,
            if test.differ() { "yes" } else { "no" },
            test.smallest_shift * 1e3
        );
    }
    let medians = enumeration.times.each_ref().map(cell).join(", ");
    let _ = writeln!(table, "| {} | | medians: {medians} | | | | | |", enumeration.name);
}

fn plot(enumeration: &Enumeration) -> Result<()> {
    let curves: Vec<Curve> = enumeration
        .kinds
        .into_iter()
        .zip(&enumeration.times)
        .map(|(name, times)| Curve { name, times: times.sorted() })
        .collect();
    plot::curves(&page::plot(enumeration.plot), &format!("Refusals: {}", enumeration.name), &curves)
}
