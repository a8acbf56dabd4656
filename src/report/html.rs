//! What the pages share: colors and type, and text that is no markup.

/// Colors, light and dark, and type: variables for the pages' own styles.
pub(super) const BASE: &str = include_str!("base.css");

/// Texts and names are other people's: nothing in them is markup.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('⏎'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// `json` as it can stand in a `script` element: no tag begins or ends in it,
/// and no line separator that older parsers take for the end of a line.
pub(super) fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 64);
    for c in json.chars() {
        match c {
            // Only inside strings does JSON hold these.
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escape("<b a='1'>&\"\u{1b}\n"), "&lt;b a=&#39;1&#39;&gt;&amp;&quot;\u{fffd}⏎");
    }

    #[test]
    fn nothing_in_data_ends_a_script() {
        let text = "</script><!--<script>\u{2028}&amp;\u{2029} ]]> “plain”";
        let json = inert(&serde_json::to_string(text).unwrap());
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
