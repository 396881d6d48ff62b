//! Takes hidden values out of what a receiver answered: some echo what they got.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretBox, SecretString};

/// What stands in the place of a hidden value.
pub(crate) const HIDDEN: &str = "hidden";

/// The forms in which an answer may hold the values.
pub(crate) struct Forms(Vec<SecretBox<Vec<u8>>>);

impl Forms {
    pub(crate) fn of(secrets: &[SecretString]) -> Self {
        let mut forms = Vec::new();
        for secret in secrets {
            // To know it again.
            let plain = secret.expose_secret();
            let escaped = serde_json::Value::from(plain).to_string();
            let in_url: String = url::form_urlencoded::byte_serialize(plain.as_bytes()).collect();
            for form in [
                plain.to_owned(),
                escaped.trim_matches('"').to_owned(),
                in_url.replace('+', "%20"),
                in_url,
                BASE64_STANDARD.encode(plain),
            ] {
                if !form.is_empty() {
                    forms.push(SecretBox::new(Box::new(form.into_bytes())));
                }
            }
        }
        // The longest first: one value may be the beginning of another.
        forms.sort_by_key(|form| std::cmp::Reverse(form.expose_secret().len()));
        Self(forms)
    }

    /// How much has to be read to show the first `most` bytes: a value may begin just before their end.
    pub(crate) fn needed(&self, most: usize) -> usize {
        // Only its length.
        most + self.0.first().map_or(0, |form| form.expose_secret().len())
    }

    /// The first `most` bytes as text, without the values.
    pub(crate) fn excerpt(&self, bytes: &[u8], most: usize) -> String {
        let mut shown = Vec::new();
        let mut at = 0;
        while at < bytes.len().min(most) {
            let rest = &bytes[at..];
            // To find it.
            let form = self.0.iter().map(ExposeSecret::expose_secret).find(|form| rest.starts_with(form));
            if let Some(form) = form {
                shown.extend_from_slice(HIDDEN.as_bytes());
                at += form.len();
            } else {
                shown.push(bytes[at]);
                at += 1;
            }
        }
        String::from_utf8_lossy(&shown).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_every_form_and_across_the_end() {
        let forms = Forms::of(&["s3c \"r3t".into(), "s3c".into()]);
        for (answer, shown) in [
            ("got s3c \"r3t!", "got hidden!"),
            (r#"{"x": "s3c \"r3t"}"#, r#"{"x": "hidden"}"#),
            ("q=s3c+%22r3t&r=s3c%20%22r3t", "q=hidden&r=hidden"),
            ("czNjICJyM3Q=", "hidden"),
            ("s3c only", "hidden only"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(forms.excerpt(answer.as_bytes(), 1024), shown);
        }
        let long = format!("{}s3c \"r3t", "x".repeat(1020));
        assert!(forms.needed(1024) >= long.len());
        assert_eq!(forms.excerpt(long.as_bytes(), 1024), format!("{}hidden", "x".repeat(1020)));
        assert_eq!(Forms::of(&[]).excerpt(b"abc", 2), "ab");
    }
}
