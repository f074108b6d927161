//! Fields of a HAR object, read whatever type the recorder gave them. Texts are moved out, not copied.

use serde_json::Value;

/// A text, or a number or truth value as text; `None` when missing, null, empty or of another kind.
pub(super) fn text(object: &mut Value, name: &str) -> Option<String> {
    match object.get_mut(name)?.take() {
        Value::String(text) => (!text.is_empty()).then_some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// A number, or one in a text.
pub(super) fn number(object: &Value, name: &str) -> Option<f64> {
    match object.get(name)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A whole number that is not negative; `401.0` is one.
pub(super) fn count(object: &Value, name: &str) -> Option<u64> {
    match object.get(name)? {
        Value::Number(number) => number.as_u64().or_else(|| number.as_f64().and_then(whole)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The whole number that a float is.
pub(super) fn whole(number: f64) -> Option<u64> {
    /// Beyond 2^53 not every whole number has a float of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || !(0.0..=EXACT).contains(&number) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number within the bounds checked above"
    )]
    let whole = number as u64;
    Some(whole)
}

/// A field's value, whatever it is; null when missing.
pub(super) fn take(object: &mut Value, name: &str) -> Value {
    object.get_mut(name).map(Value::take).unwrap_or_default()
}

/// A list; empty when missing or something else.
pub(super) fn list(object: &mut Value, name: &str) -> Vec<Value> {
    match take(object, name) {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, list, number, text};
    use serde_json::json;

    #[test]
    fn types_do_not_matter_much() {
        let mut object = json!({"a": "x", "b": 7, "c": null, "d": "", "e": "42", "f": "1.5", "g": -1, "h": {}, "i": 401.0, "j": 1.5, "k": 1e300});
        assert_eq!(text(&mut object, "a").as_deref(), Some("x"));
        assert_eq!(text(&mut object.clone(), "b").as_deref(), Some("7"));
        for name in ["c", "d", "h", "missing"] {
            assert_eq!(text(&mut object, name), None, "{name}");
        }
        assert_eq!(
            (count(&object, "e"), count(&object, "g"), count(&object, "f")),
            (Some(42), None, None)
        );
        assert_eq!(
            (count(&object, "i"), count(&object, "j"), count(&object, "k")),
            (Some(401), None, None)
        );
        assert_eq!((number(&object, "f"), number(&object, "b")), (Some(1.5), Some(7.0)));
        assert!(list(&mut object, "h").is_empty());
    }
}
