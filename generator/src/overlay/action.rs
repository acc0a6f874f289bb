//! Applies one action of an overlay: finds its targets and changes them.

use serde_json_path::JsonPath;

use super::Allows;
use super::merge::{merge, refusal};
use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{ACTION_WITHOUT_MATCH, BAD_ACTION, BAD_JSONPATH, BAD_OVERLAY, OVERLAY_MEMBER};
use crate::document::{Document, Node, Pointer};

/// Applies one action of an overlay to the document.
pub(super) fn carry_out(
    document: &mut Document,
    overlay: &Document,
    action: &Node<'_>,
    allows: Allows,
    diagnostics: &mut Diagnostics,
) {
    check_members(overlay, action, allows, diagnostics);
    let Some(target) = action.get("target").filter(|target| target.value().is_string()) else {
        return diagnostics.report(overlay, &BAD_OVERLAY, action.pointer(), "the action has no `target`");
    };
    let Some(places) = select(document, overlay, &target, diagnostics) else { return };
    if places.is_empty() {
        let message = format!("`{}` matches nothing in the document", target.value().as_str().unwrap_or_default());
        diagnostics.report(overlay, &ACTION_WITHOUT_MATCH, target.pointer(), message);
    } else if action.is_true("remove") {
        remove(document, overlay, &target, places, diagnostics);
    } else if let Some(copy) = action.get("copy").filter(|_| allows == Allows::Copies) {
        let Some(sources) = select(document, overlay, &copy, diagnostics) else { return };
        let [source] = sources.as_slice() else {
            let message = format!("`copy` selects {} values, but must select exactly one", sources.len());
            return diagnostics.report(overlay, &BAD_ACTION, copy.pointer(), message);
        };
        let before = document.clone();
        update(document, &places, (&before, source), allows, |message| {
            diagnostics.report(overlay, &BAD_ACTION, copy.pointer(), message);
        });
    } else if let Some(value) = action.get("update") {
        update(document, &places, (overlay, value.pointer()), allows, |message| {
            diagnostics.report(overlay, &BAD_ACTION, value.pointer(), message);
        });
    } else {
        diagnostics.report(
            overlay,
            &OVERLAY_MEMBER,
            action.pointer(),
            "the action neither updates nor removes anything",
        );
    }
}

fn check_members(overlay: &Document, action: &Node<'_>, allows: Allows, diagnostics: &mut Diagnostics) {
    for (key, member) in action.entries() {
        let is_known = match key {
            "target" | "description" | "update" | "remove" => true,
            "copy" => allows == Allows::Copies,
            _ => key.starts_with("x-"),
        };
        if !is_known {
            let message = format!("unknown key `{key}` in an action of this Overlay version is ignored");
            diagnostics.report(overlay, &OVERLAY_MEMBER, member.pointer(), message);
        }
    }
    if let Some(remove) = action.get("remove").filter(|remove| !remove.value().is_boolean()) {
        diagnostics.report(overlay, &BAD_OVERLAY, remove.pointer(), "`remove` is neither `true` nor `false`");
    }
}

/// The maximum nesting of a JSONPath. Beyond this, the parser library takes too long or too much stack.
const DEPTH: usize = 8;
/// The maximum length of a JSONPath, which no handwritten one reaches.
const LENGTH: usize = 2000;

/// Returns the locations that a JSONPath (RFC 9535) selects, without duplicates. `None` if it is invalid.
fn select(
    document: &Document,
    overlay: &Document,
    path: &Node<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Pointer>> {
    let text = path.value().as_str().unwrap_or_default();
    let parsed = match () {
        () if text.len() > LENGTH || depth(text) > DEPTH => Err("it is too long or nested too deeply".to_owned()),
        () => JsonPath::parse(text).map_err(|error| error.to_string()),
    };
    match parsed {
        Ok(parsed) => {
            let nodes = parsed.query_located(document.value()).dedup();
            Some(nodes.locations().map(|place| Pointer::at(&place.to_json_pointer())).collect())
        }
        Err(why) => {
            let why = why.replace(char::is_control, " ");
            diagnostics.report(
                overlay,
                &BAD_JSONPATH,
                path.pointer(),
                format!("`{text}` is not a valid JSONPath: {why}"),
            );
            None
        }
    }
}

/// Returns the maximum number of brackets, parentheses and negations that are open at once.
fn depth(path: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for c in path.chars() {
        match c {
            '(' | '[' | '!' => open += 1,
            ')' | ']' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

fn remove(
    document: &mut Document,
    overlay: &Document,
    target: &Node<'_>,
    mut places: Vec<Pointer>,
    diagnostics: &mut Diagnostics,
) {
    if places.contains(&Pointer::root()) {
        return diagnostics.report(overlay, &BAD_ACTION, target.pointer(), "the whole document cannot be removed");
    }
    // Later items of an array are removed first, so that the locations of earlier ones stay valid; nested values go
    // before the values around them.
    places.sort_by_key(|place| (place.parent(), place.last().and_then(|key| key.parse::<usize>().ok())));
    for place in places.iter().rev() {
        document.remove(place);
    }
}

/// Merges a value of `from` into the document at each of these locations.
fn update(
    document: &mut Document,
    places: &[Pointer],
    from: (&Document, &Pointer),
    allows: Allows,
    mut report: impl FnMut(String),
) {
    let (source, below) = from;
    let Some(value) = source.value().pointer(below.as_str()).cloned() else { return };
    for place in places {
        let Some(target) = document.value().pointer(place.as_str()) else { continue };
        if let Some(why) = refusal(target, &value, allows) {
            return report(format!("{why} (at `{place}`)"));
        }
        let grafts = document.value_mut().pointer_mut(place.as_str()).map(|target| merge(target, &value, place, below));
        for (at, origin) in grafts.into_iter().flatten() {
            document.take_places(&at, source, &origin);
        }
    }
}
