//! Plots.

use std::{ops::Range, path::Path};

use keyfob_tests::Result;
use plotters::prelude::*;

const WIDTH: u32 = 900;
const LABELS: u32 = 340;
const ROW: u32 = 26;
const FONT: (&str, u32) = ("sans-serif", 14);
const CAPTION: (&str, u32) = ("sans-serif", 18);
const OURS: RGBColor = RGBColor(0, 114, 178);
const THEIRS: RGBColor = RGBColor(110, 110, 110);
const COLOURS: [RGBColor; 8] = [
    OURS,
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    THEIRS,
    RGBColor(230, 159, 0),
    BLACK,
];

/// A bar, from the top on.
#[derive(Debug)]
pub struct Bar {
    /// What stands beside it.
    pub label: String,
    /// Its length.
    pub value: f64,
    /// Where a mark stands beyond it, if one does.
    pub mark: Option<f64>,
    /// Ours have another colour.
    pub ours: bool,
}

/// A curve of the shares of a sample that are no longer than a time.
#[derive(Debug)]
pub struct Curve<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// In ascending order.
    pub times: &'a [f64],
}

/// Lying bars on a logarithmic scale.
pub fn bars(path: &Path, caption: &str, unit: &str, scale: Range<f64>, bars: &[Bar]) -> Result<()> {
    let rows = u32::try_from(bars.len())?;
    let root = SVGBackend::new(path, (WIDTH, 100 + ROW * rows)).into_drawing_area();
    root.fill(&WHITE)?;
    let left = scale.start;
    let mut chart = ChartBuilder::on(&root)
        .caption(caption, CAPTION)
        .margin(10)
        .margin_right(50)
        .x_label_area_size(40)
        .y_label_area_size(LABELS)
        .build_cartesian_2d(scale.log_scale(), 0f64..f64::from(rows))?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .y_labels(0)
        .x_desc(unit)
        .label_style(FONT)
        .x_label_formatter(&|value| format!("{value}"))
        .draw()?;
    for (row, bar) in (0..rows).rev().map(f64::from).zip(bars) {
        let colour = if bar.ours { OURS } else { THEIRS };
        let corners = [(left, row + 0.15), (bar.value, row + 0.85)];
        chart.draw_series([Rectangle::new(corners, colour.filled())])?;
        let end = bar.mark.map_or(bar.value, |mark| mark.max(bar.value));
        chart.draw_series(
            bar.mark.map(|mark| PathElement::new([(bar.value, row + 0.5), (mark, row + 0.5)], colour)),
        )?;
        let text = if bar.value < 10.0 { format!("{:.2}", bar.value) } else { format!("{:.0}", bar.value) };
        chart.draw_series([EmptyElement::at((end, row + 0.5)) + Text::new(text, (6, -6), FONT)])?;
        let label = Text::new(bar.label.clone(), (10 - i32::try_from(LABELS)?, -6), FONT);
        chart.draw_series([EmptyElement::at((left, row + 0.5)) + label])?;
    }
    Ok(root.present()?)
}

/// Curves of shares, over times in milliseconds. A few slow ones go beyond the right edge.
pub fn curves(path: &Path, caption: &str, curves: &[Curve]) -> Result<()> {
    let of = |part: usize| move |curve: &Curve| curve.times.get(curve.times.len() * part / 1000).copied();
    let left = curves.iter().filter_map(of(0)).fold(f64::INFINITY, f64::min);
    let right = curves.iter().filter_map(of(990)).fold(left, f64::max);
    // A logarithmic scale of less than ten to one has no labels.
    let scale = left / 2.0..(right * 1.2).max(left * 6.0);
    let root = SVGBackend::new(path, (WIDTH, 420)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(caption, CAPTION)
        .margin(10)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d(scale.clone().log_scale(), 0f64..100f64)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("milliseconds")
        .y_desc("% of the sign-ins take no longer")
        .label_style(FONT)
        .x_label_formatter(&|value| format!("{value:.1}"))
        .draw()?;
    for (curve, colour) in curves.iter().zip(COLOURS) {
        let shown = shares(curve.times).filter(|(time, _)| *time <= scale.end);
        let line = LineSeries::new(shown, colour.stroke_width(2));
        let sample = move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2));
        chart.draw_series(line)?.label(curve.name).legend(sample);
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.9))
        .border_style(BLACK)
        .label_font(FONT)
        .draw()?;
    Ok(root.present()?)
}

/// Each half per cent: a picture shows no more.
fn shares(times: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    (0..=200u16).filter_map(|half| {
        let index = times.len().saturating_sub(1) * usize::from(half) / 200;
        Some((*times.get(index)?, f64::from(half) / 2.0))
    })
}

#[cfg(test)]
mod tests {
    use keyfob_tests::scratch::Scratch;

    use super::*;

    #[test]
    fn a_narrow_plot_has_labels_too() -> Result<()> {
        let folder = Scratch::new()?;
        let path = folder.path().join("plot.svg");
        let times: Vec<f64> = (0..100u8).map(|number| 1.2 + f64::from(number) / 100.0).collect();
        curves(&path, "Caption", &[Curve { name: "curve", times: &times }])?;
        let text = std::fs::read_to_string(&path)?;
        assert!(
            ["1.0", "2.0", "5.0"].iter().all(|label| text.lines().any(|line| line.trim() == *label)),
            "{text}"
        );
        Ok(())
    }
}
