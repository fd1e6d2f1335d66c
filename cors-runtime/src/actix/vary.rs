//! `Vary`, which is a set of field names.
//!
//! Without `Origin` in it, a cache serves the response for one origin to another:
//! <https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches>

use std::collections::HashSet;
use std::hash::{Hash, Hasher};

use actix_web::http::header::{HeaderMap, HeaderValue, VARY};

/// The set of `Origin` alone.
pub(super) const ORIGIN: HeaderValue = HeaderValue::from_static("Origin");

/// Everything, which covers `Origin`.
const ANY: HeaderValue = HeaderValue::from_static("*");

/// Adds `Origin` to the set.
///
/// The set is written on one line, without duplicates: some caches read only the first line or only
/// the last (nginx before 1.23). A line that is `*` stays as it is, and so do those beside it.
pub(super) fn add_origin(headers: &mut HeaderMap) {
    // Most responses have no other set, so this is one look-up.
    let replaced = headers.insert(VARY, ORIGIN);
    if replaced.is_empty() {
        return;
    }
    let lines: Vec<_> = replaced.collect();
    if lines.contains(&ANY) {
        headers.remove(VARY);
        for line in lines {
            headers.append(VARY, line);
        }
    } else {
        headers.insert(VARY, merged(&lines));
    }
}

/// All lines and `Origin` on one line. If one element is `*`, it is `*` alone: nginx takes `*` in a
/// list for the name of a field, and stores the response.
fn merged(lines: &[HeaderValue]) -> HeaderValue {
    let mut names = Names::default();
    for line in lines {
        let elements = line.as_bytes().split(|byte| *byte == b',');
        for name in elements.map(<[u8]>::trim_ascii) {
            match name {
                b"" => {}
                b"*" => return ANY,
                name => names.insert(name),
            }
        }
    }
    names.insert(b"Origin");
    // A part of a header value is a header value, so this does not fail. If it did, `*` would keep
    // caches from reusing the response.
    HeaderValue::from_bytes(&names.in_order.join(b", ".as_slice())).unwrap_or(ANY)
}

/// A set of field names that keeps their order.
#[derive(Default)]
struct Names<'a> {
    in_order: Vec<&'a [u8]>,
    /// All names, once there are more than [`FEW`](Self::FEW).
    seen: HashSet<Name<'a>>,
}

impl<'a> Names<'a> {
    /// Searching this many names is faster than hashing one.
    const FEW: usize = 8;

    fn insert(&mut self, name: &'a [u8]) {
        let is_new = if self.in_order.len() <= Self::FEW {
            !self
                .in_order
                .iter()
                .any(|other| other.eq_ignore_ascii_case(name))
        } else {
            if self.seen.is_empty() {
                self.seen.extend(self.in_order.iter().copied().map(Name));
            }
            self.seen.insert(Name(name))
        };
        if is_new {
            self.in_order.push(name);
        }
    }
}

/// A field name, which has no case.
#[derive(Clone, Copy)]
struct Name<'a>(&'a [u8]);

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Name<'_> {}

impl Hash for Name<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // A hasher takes many bytes at once much faster than one after the other.
        for chunk in self.0.chunks(32) {
            let mut lower = [0; 32];
            let lower = &mut lower[..chunk.len()];
            lower.copy_from_slice(chunk);
            lower.make_ascii_lowercase();
            state.write(lower);
        }
        // No name contains a comma, so no name is the start of another.
        state.write_u8(b',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(lines: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(VARY, line.parse().unwrap());
        }
        add_origin(&mut headers);
        let lines = headers.get_all(VARY);
        lines
            .map(|line| line.to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn vary_gains_origin_on_one_line_and_keeps_all_else() {
        let many: Vec<_> = (0..20).map(|i| format!("X-{i}")).collect();
        let twice = [many.join(","), many.join(",").to_lowercase()].join(",");
        let many_and_origin = format!("{}, Origin", many.join(", "));
        for (what, lines, expected) in [
            ("nothing", &[][..], &["Origin"][..]),
            ("an empty line", &[""], &["Origin"]),
            ("origin", &["Origin"], &["Origin"]),
            ("origin in another case", &["oRIGIN"], &["oRIGIN"]),
            ("origin twice", &["origin, Origin"], &["origin"]),
            ("origin on two lines", &["origin", "Origin"], &["origin"]),
            ("another name", &["Accept"], &["Accept, Origin"]),
            (
                "two lines",
                &["Accept", "Cookie"],
                &["Accept, Cookie, Origin"],
            ),
            ("origin first", &["Origin,Accept"], &["Origin, Accept"]),
            ("a name twice", &["Accept, accept"], &["Accept, Origin"]),
            ("empty elements", &[",Accept,, ,"], &["Accept, Origin"]),
            ("a longer name", &["X-Origin"], &["X-Origin, Origin"]),
            ("a star", &["*"], &["*"]),
            ("a star beside a name", &["Accept, *"], &["*"]),
            ("a star before a name", &["*, Accept"], &["*"]),
            (
                "a star in one of two lines",
                &["Cookie", "Accept,*"],
                &["*"],
            ),
            (
                "a star on the second line",
                &["Accept", "*"],
                &["Accept", "*"],
            ),
            (
                "a star on the first line",
                &["*", "Accept"],
                &["*", "Accept"],
            ),
            ("many names twice", &[&*twice], &[&*many_and_origin]),
        ] {
            assert_eq!(added(lines), expected, "{what}");
        }
    }

    #[test]
    fn names_have_no_case() {
        use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

        let long = "x".repeat(40);
        let hash = |name: &str| {
            BuildHasherDefault::<DefaultHasher>::default().hash_one(Name(name.as_bytes()))
        };
        for (a, b, same) in [
            ("Accept", "accept", true),
            ("Accept", "accept-language", false),
            ("Accept", "cookie", false),
            (&*long, &*long.to_uppercase(), true),
            (&*long, &long[1..], false),
        ] {
            assert_eq!(
                Name(a.as_bytes()) == Name(b.as_bytes()),
                same,
                "{a} and {b}"
            );
            assert_eq!(hash(a) == hash(b), same, "{a} and {b}");
        }
    }
}
