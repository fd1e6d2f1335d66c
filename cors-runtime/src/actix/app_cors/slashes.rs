//! Paths as [`NormalizePath`](actix_web::middleware::NormalizePath) makes them.

/// The other paths that a normalizer can make of this one: with repeated slashes merged, and the
/// last one as it is, taken away or added.
pub(super) fn respelled(path: &str) -> Vec<String> {
    let merged = merged(path);
    let trimmed = match merged.trim_end_matches('/') {
        "" => "/",
        trimmed => trimmed,
    };
    let mut all = vec![trimmed.to_owned()];
    if trimmed != "/" {
        all.push(format!("{trimmed}/"));
    }
    all.retain(|other| other != path);
    all
}

/// True if a normalizer can lead from one of the paths to the other, if they differ at all.
pub(super) fn differ_by_slashes_alone(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let trimmed = |path: &str| merged(path).trim_end_matches('/').to_owned();
    trimmed(one) == trimmed(other)
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
            assert_eq!(respelled(path), others, "{path}");
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
