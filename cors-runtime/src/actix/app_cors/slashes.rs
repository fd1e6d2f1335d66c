//! Paths as [`NormalizePath`](actix_web::middleware::NormalizePath) makes them.

use std::borrow::Cow;

/// The slashes of a path, as sent or as a normalizer makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slashes {
    AsSent,
    /// Repeated ones merged, and none at the end.
    Trimmed,
    /// Repeated ones merged, and one at the end.
    Added,
}

impl Slashes {
    /// The path with such slashes. Decoding adds none, so it may come before or after.
    pub(super) fn of(self, path: &str) -> Cow<'_, str> {
        let merged_and_trimmed = || merged(path).trim_end_matches('/').to_owned();
        match self {
            Self::AsSent => Cow::Borrowed(path),
            Self::Trimmed => match merged_and_trimmed() {
                empty if empty.is_empty() => Cow::Borrowed("/"),
                trimmed => Cow::Owned(trimmed),
            },
            Self::Added => Cow::Owned(merged_and_trimmed() + "/"),
        }
    }
}

/// The other paths that a normalizer can make of this one.
pub(super) fn respelled(path: &str) -> Vec<(Slashes, Cow<'_, str>)> {
    let all = [Slashes::Trimmed, Slashes::Added].map(|slashes| (slashes, slashes.of(path)));
    let mut all = Vec::from(all);
    all.dedup_by(|(_, one), (_, other)| one == other);
    all.retain(|(_, other)| other != path);
    all
}

/// True if a normalizer can lead from one of the paths to the other, if they differ at all.
pub(super) fn differ_by_slashes_alone(one: &str, other: &str) -> bool {
    one == other || Slashes::Trimmed.of(one) == Slashes::Trimmed.of(other)
}

fn merged(path: &str) -> String {
    let mut merged = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !merged.ends_with('/') {
            merged.push(c);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_respelled_as_a_normalizer_does() {
        for (path, others) in [
            ("/", &[][..]),
            ("", &["/"]),
            ("//", &["/"]),
            ("/a", &["/a/"]),
            ("/a/", &["/a"]),
            ("/a//", &["/a", "/a/"]),
            ("//a", &["/a", "/a/"]),
            ("/a//b/", &["/a/b", "/a/b/"]),
            ("/a%2Fb", &["/a%2Fb/"]),
        ] {
            let found: Vec<_> = (respelled(path).into_iter())
                .map(|(slashes, other)| {
                    assert_eq!(slashes.of(path), other);
                    other.into_owned()
                })
                .collect();
            assert_eq!(found, others, "{path}");
            assert_eq!(Slashes::AsSent.of(path), path);
            assert!(
                others
                    .iter()
                    .all(|other| differ_by_slashes_alone(path, other))
            );
        }
        assert!(!differ_by_slashes_alone("/a", "/ab"));
        assert!(!differ_by_slashes_alone("/a/b", "/ab"));
    }
}
