//! Random strings.

use fastrand::Rng;

use super::{Part, greatest, pattern, smallest};

/// A random string that fits the lengths, one of the patterns, or the format.
pub(super) fn text(parts: &[Part<'_>], rng: &mut Rng) -> Option<String> {
    let keyword = |key: &str| parts.iter().find_map(|part| part.get(key)?.as_str());
    let (least, most) = (greatest(parts, "minLength"), smallest(parts, "maxLength"));
    if let Some(pattern) = keyword("pattern") {
        let fits = |text: &String| (least..=most).contains(&text.chars().count());
        return (0..16).filter_map(|_| pattern::matching(pattern, rng)).find(fits);
    }
    let formatted = keyword("format").and_then(|format| of_format(format, rng));
    let text = formatted.unwrap_or_else(|| any(rng));
    let missing = least.saturating_sub(text.chars().count());
    let text = text.chars().chain(std::iter::repeat_n('x', missing)).take(most);
    Some(text.collect())
}

/// The name of a property that the schema does not list.
pub(super) fn name(rng: &mut Rng) -> String {
    let names = ["extra", "x-Extra", "übrig", "a b", "0", "type", "camelCase", "snake_case"];
    format!("{}{}", rng.choice(names).unwrap_or_default(), rng.u8(..100))
}

fn any(rng: &mut Rng) -> String {
    let special = ["", " ", "null", "true", "0", "1.0", "ä€😀", "a\"b\\c", "line\nbreak", "\u{0}", "a/b?c=d&e", "<x>"];
    if rng.u8(..6) == 0 {
        return rng.choice(special).unwrap_or_default().to_owned();
    }
    (0..rng.usize(1..12)).map(|_| rng.alphanumeric()).collect()
}

fn of_format(format: &str, rng: &mut Rng) -> Option<String> {
    let (year, month, day) = (rng.u16(1970..2100), rng.u8(1..=12), rng.u8(1..=28));
    let (hour, minute, second) = (rng.u8(..24), rng.u8(..60), rng.u8(..60));
    let letters = |rng: &mut Rng, number| (0..number).map(|_| rng.lowercase()).collect::<String>();
    Some(match format {
        "date" => format!("{year}-{month:02}-{day:02}"),
        "time" => format!("{hour:02}:{minute:02}:{second:02}Z"),
        "date-time" => {
            let end = rng.choice(["Z", ".5Z", ".120Z", "+02:00", ".123456-05:30"]).unwrap_or("Z");
            format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{end}")
        }
        "duration" => format!("P{}DT{hour}H{minute}M", rng.u8(1..30)),
        "uuid" => {
            let digits = rng.u128(..);
            let (a, b, c) = (digits >> 96, (digits >> 80) & 0xffff, (digits >> 64) & 0x0fff);
            format!("{a:08x}-{b:04x}-4{c:03x}-8{:03x}-{:012x}", (digits >> 48) & 0x0fff, digits & 0xffff_ffff_ffff)
        }
        "email" => format!("{}@example.com", letters(rng, 5)),
        "hostname" => format!("{}.example.com", letters(rng, 5)),
        "ipv4" => format!("10.{}.{}.{}", rng.u8(..), rng.u8(..), rng.u8(..)),
        "ipv6" => format!("2001:db8::{:x}", rng.u16(1..)),
        "uri" | "url" | "iri" => format!("https://example.com/{}?q={}", letters(rng, 4), letters(rng, 3)),
        "uri-reference" => format!("/{}", letters(rng, 6)),
        "byte" | "base64" => rng.choice(["", "aGVsbG8=", "AAECAwQ=", "/+8="]).unwrap_or_default().to_owned(),
        _ => return None,
    })
}
