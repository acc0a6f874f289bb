//! Reads XML text without parsing it: the texts and the values of attributes. Nothing here checks whether the text is valid.

use std::borrow::Cow;

/// Visits the texts of elements, of CDATA sections and of attributes, as they are written and with their references resolved.
pub(crate) fn each_value(xml: &str, visit: &mut dyn FnMut(&str)) {
    for section in xml.split("<![CDATA[").skip(1) {
        visit(section.split("]]>").next().unwrap_or(section));
    }
    for part in xml.split('<') {
        let (tag, text) = part.rsplit_once('>').unwrap_or(("", part));
        // A text may contain `>`.
        let longer = tag.find('>').and_then(|end| part.get(end + 1..));
        let mut visit = |value: &str| {
            visit(value);
            if let Cow::Owned(resolved) = resolved(value) {
                visit(&resolved);
            }
        };
        each_attribute(tag, &mut visit);
        [text].into_iter().chain(longer).for_each(visit);
    }
}

/// Visits the values in quotes. A comment is visited as a whole too.
fn each_attribute(tag: &str, visit: &mut dyn FnMut(&str)) {
    if let Some(comment) = tag.strip_prefix("!--") {
        visit(comment.strip_suffix("--").unwrap_or(comment));
    }
    let mut rest = tag;
    while let Some(start) = rest.find(['"', '\'']) {
        let mut characters = rest.get(start..).unwrap_or_default().chars();
        let Some(quote) = characters.next() else { break };
        let after = characters.as_str();
        let (value, after) = after.split_once(quote).unwrap_or((after, ""));
        visit(value);
        rest = after;
    }
}

/// Resolves the references to characters, and those to the five predefined entities (XML 1.0, section 4.6).
fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('&');
    let mut resolved = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let character = part.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest)));
        match character {
            Some((character, rest)) => {
                resolved.push(character);
                resolved.push_str(rest);
            }
            None => {
                resolved.push('&');
                resolved.push_str(part);
            }
        }
    }
    Cow::Owned(resolved)
}

fn character(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => match name.strip_prefix("#x") {
            Some(digits) => number(digits, 16),
            None => number(name.strip_prefix('#')?, 10),
        },
    }
}
