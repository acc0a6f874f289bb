//! Random numbers.

use fastrand::Rng;
use serde_json::{Number, Value};

use super::Part;

/// The largest integer that every JSON parser reads exactly.
const SAFE: i64 = (1 << 53) - 1;

/// A random integer that fits the bounds and the formats.
pub(super) fn integer(parts: &[Part<'_>], rng: &mut Rng) -> Option<Value> {
    let (mut least, mut most) = range(parts);
    for (key, step) in [("minimum", 0.0), ("exclusiveMinimum", 1.0)] {
        for bound in bounds(parts, key) {
            least = least.max(whole((bound + step).floor().max(bound.ceil())));
        }
    }
    for (key, step) in [("maximum", 0.0), ("exclusiveMaximum", 1.0)] {
        for bound in bounds(parts, key) {
            most = most.min(whole((bound - step).ceil().min(bound.floor())));
        }
    }
    if least > most {
        return None;
    }
    let value = match rng.u8(..8) {
        0 => least,
        1 => most,
        2 => rng.i64(least..=most),
        _ => rng.i64(least.max(most.min(-100)).min(most)..=most.min(least.max(100)).max(least)),
    };
    let step = bounds(parts, "multipleOf").map(whole).find(|step| *step > 1).unwrap_or(1);
    let multiple = value - value.rem_euclid(step);
    let multiple = if multiple < least { multiple.checked_add(step)? } else { multiple };
    (multiple <= most).then(|| multiple.into())
}

/// A random number that fits the bounds.
pub(super) fn number(parts: &[Part<'_>], rng: &mut Rng) -> Option<Value> {
    let is_single = parts.iter().any(|part| part.get("format").and_then(Value::as_str) == Some("float"));
    let lower = bounds(parts, "minimum").chain(bounds(parts, "exclusiveMinimum")).fold(f64::NEG_INFINITY, f64::max);
    let upper = bounds(parts, "maximum").chain(bounds(parts, "exclusiveMaximum")).fold(f64::INFINITY, f64::min);
    if lower.is_infinite() && upper.is_infinite() && !is_single && rng.u8(..8) == 0 {
        let extremes = [1e-7, 1.5e300, -2.5e-300, 0.1, 123_456_789.123_456_78, -0.5];
        return rng.choice(extremes).and_then(Number::from_f64).map(Value::Number);
    }
    let from = if lower.is_finite() { lower } else { upper.min(1000.0) - 2000.0 };
    let to = if upper.is_finite() { upper } else { from.max(-1000.0) + 2000.0 };
    let value = from + (to - from) * rng.f64();
    let rounded = (value * 8.0).round() / 8.0;
    let fits = |value: f64| value > lower && value < upper;
    let step = bounds(parts, "multipleOf").find(|step| *step > 0.0);
    let value = match step {
        Some(step) => (value / step).round() * step,
        None if fits(rounded) => rounded,
        None => value,
    };
    let value = if is_single { single(value) } else { value };
    // Whole numbers are usually written without a fraction.
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return Some(whole(value).into());
    }
    Number::from_f64(value).map(Value::Number)
}

/// The number with the digits that a number of single precision keeps.
#[expect(clippy::cast_possible_truncation, reason = "this is the purpose")]
fn single(value: f64) -> f64 {
    (value as f32).to_string().parse().unwrap_or(value)
}

fn bounds(parts: &[Part<'_>], key: &str) -> impl Iterator<Item = f64> {
    parts.iter().filter_map(move |part| part.get(key)?.as_f64())
}

/// The range of the formats.
fn range(parts: &[Part<'_>]) -> (i64, i64) {
    let formats = parts.iter().filter_map(|part| part.get("format")?.as_str());
    let ranges = formats.filter_map(|format| {
        Some(match format {
            "int8" => (i8::MIN.into(), i8::MAX.into()),
            "uint8" => (0, u8::MAX.into()),
            "int16" => (i16::MIN.into(), i16::MAX.into()),
            "uint16" => (0, u16::MAX.into()),
            "int32" | "integer" => (i32::MIN.into(), i32::MAX.into()),
            "uint32" => (0, u32::MAX.into()),
            "int64" | "long" => (i64::MIN, i64::MAX),
            "uint64" | "uint" => (0, i64::MAX),
            _ => return None,
        })
    });
    ranges.fold(
        (-SAFE, SAFE),
        |(least, most), (from, to)| if to > SAFE { (from, to) } else { (least.max(from), most.min(to)) },
    )
}

#[expect(clippy::cast_possible_truncation, reason = "the conversion saturates")]
fn whole(value: f64) -> i64 {
    value as i64
}
