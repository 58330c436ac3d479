//! What was found, as a page with a table and plots.

use std::fmt::Write as _;

use keyfob_tests::Result;

use crate::{
    page,
    plot::{self, Bar, Curve},
    rates::Rate,
    sign_ins::Times,
    statistics::Sample,
    target::Target,
};

const BEGIN: &str = "<!-- Written by `cargo xtask bench` from here -->";

/// All that was found.
#[derive(Debug)]
pub struct Found {
    /// The machine.
    pub facts: Vec<String>,
    /// One sign-in at a time.
    pub times: Vec<Times>,
    /// Eight at a time.
    pub rates: Vec<Rate>,
    /// What is to be reached.
    pub targets: Vec<Target>,
}

impl Found {
    /// As it stands in the page.
    #[must_use]
    pub fn text(&self) -> String {
        let (facts, targets) = (page::list(&self.facts), page::list(&self.targets));
        format!(
            "### Machine\n\n{facts}\n### Targets\n\n{targets}\n### One sign-in at a time\n\n{}\n### Eight at a time\n\n{}",
            self.times_table(),
            self.rates_table()
        )
    }

    fn times_table(&self) -> String {
        let mut table = "Milliseconds: median (99th percentile).\n\n| | sign-ins of a kind | right code | wrong code | no device |\n\
                         |---|---|---|---|---|\n"
            .to_owned();
        for Times { name, cases } in &self.times {
            let count = cases.first().map_or(0, Sample::count);
            let [right, wrong, without] = cases.each_ref().map(cell);
            let _ = writeln!(table, "| {name} | {count} | {right} | {wrong} | {without} |");
        }
        table
    }

    fn rates_table(&self) -> String {
        let mut table = "| | accepted a second | refused |\n|---|---|---|\n".to_owned();
        for rate in &self.rates {
            let _ = writeln!(
                table,
                "| {} | {:.0} | {:.1} % |",
                rate.name,
                rate.a_second(),
                rate.refused_percent()
            );
        }
        table
    }

    /// Writes page and plots.
    ///
    /// # Errors
    /// The page has lost its marks, or a file can't be written.
    pub fn write(&self) -> Result<()> {
        page::write(BEGIN, &self.text())?;
        self.plot_times()?;
        self.plot_rates()
    }

    fn plot_times(&self) -> Result<()> {
        let bar = |Times { name, cases: [right, ..] }: &Times| Bar {
            label: (*name).to_owned(),
            value: right.median(),
            mark: Some(right.percentile(99)),
            ours: is_ours(name),
        };
        let bars: Vec<Bar> = self.times.iter().map(bar).collect();
        let caption = "A right code: medians, and lines up to the 99th percentile";
        plot::bars(&page::plot("right-code.svg"), caption, "milliseconds", 0.1..200.0, &bars)?;
        let shown = |times: &&Times| times.name != "pam_permit" && !times.name.contains("HOTP");
        let curves: Vec<Curve> = self
            .times
            .iter()
            .filter(shown)
            .map(|Times { name, cases: [right, ..] }| Curve { name, times: right.sorted() })
            .collect();
        plot::curves(&page::plot("right-code-shares.svg"), "A right code", &curves)
    }

    fn plot_rates(&self) -> Result<()> {
        let bar = |rate: &Rate| Bar {
            label: format!("{} ({:.0} % refused)", rate.name, rate.refused_percent()),
            value: rate.a_second(),
            mark: None,
            ours: is_ours(rate.name),
        };
        let bars: Vec<Bar> = self.rates.iter().map(bar).collect();
        let caption = "Eight processes on eight accounts";
        plot::bars(&page::plot("rates.svg"), caption, "sign-ins accepted a second", 10.0..4000.0, &bars)
    }
}

/// A median and a 99th percentile in milliseconds; empty where nothing was measured.
pub fn cell(sample: &Sample) -> String {
    if sample.count() == 0 {
        return String::new();
    }
    format!("{:.2} ({:.2})", sample.median(), sample.percentile(99))
}

fn is_ours(name: &str) -> bool {
    name.starts_with("Keyfob")
}
