//! Formats measurements as a Markdown table: a row per measurement, a column per client, and the ratios of the first client to
//! the others. A ratio that misses its target is bold.

/// A measurement for all clients. The first client is ours.
pub(crate) struct Row {
    pub(crate) name: String,
    /// `None` if it could not be measured.
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) decimals: usize,
    /// The maximum ratio of ours to the next client.
    pub(crate) aim: Option<f64>,
}

/// The table, with the names of the clients as the header.
pub(crate) fn markdown(clients: &[&str], rows: &[Row]) -> String {
    let others = clients.iter().skip(1).map(|name| format!("ours / {name}"));
    let head: Vec<String> = clients.iter().map(|name| (*name).to_owned()).chain(others).collect();
    let mut text = format!("| | {} |\n|---|{}\n", head.join(" | "), "---:|".repeat(head.len()));
    for row in rows {
        let values =
            row.values.iter().map(|value| value.map_or("–".to_owned(), |value| grouped(value, row.decimals)));
        let ours = row.values.first().copied().flatten();
        let aims = std::iter::once(row.aim).chain(std::iter::repeat(None));
        let ratios = row.values.iter().skip(1).zip(aims).map(|(other, aim)| ratio(ours, *other, aim));
        let cells: Vec<_> = values.chain(ratios).collect();
        text.push_str(&format!("| {} | {} |\n", row.name, cells.join(" | ")));
    }
    text
}

fn ratio(ours: Option<f64>, other: Option<f64>, aim: Option<f64>) -> String {
    let (Some(ours), Some(other)) = (ours, other) else { return "–".to_owned() };
    let ratio = (ours / other * 100.0).round() / 100.0;
    if aim.is_some_and(|aim| ratio > aim) { format!("**{ratio:.2}**") } else { format!("{ratio:.2}") }
}

fn grouped(value: f64, decimals: usize) -> String {
    with_separators(&format!("{value:.decimals$}"))
}

/// Adds commas as thousands separators to a number.
pub(crate) fn with_separators(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_ours_divided_by_each_other_client() {
        let rows = [
            Row {
                name: "calls".to_owned(),
                values: vec![Some(12_345.6), Some(24_691.2), None],
                decimals: 0,
                aim: Some(1.0),
            },
            Row { name: "MB".to_owned(), values: vec![Some(1.25), Some(1.0), Some(0.5)], decimals: 1, aim: Some(1.2) },
            Row { name: "s".to_owned(), values: vec![Some(1.25), Some(1.0), Some(0.5)], decimals: 1, aim: None },
        ];
        let text = markdown(&["ours", "by hand", "other"], &rows);
        let expected = "| | ours | by hand | other | ours / by hand | ours / other |\n|---|---:|---:|---:|---:|---:|\n\
                        | calls | 12,346 | 24,691 | – | 0.50 | – |\n| MB | 1.2 | 1.0 | 0.5 | **1.25** | 2.50 |\n\
                        | s | 1.2 | 1.0 | 0.5 | 1.25 | 2.50 |\n";
        assert_eq!(text, expected);
    }
}
