//! Dangers that a policy can accept by name.

/// A named escape hatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Danger {
    /// Insecure origins may use credentials.
    InsecureOrigins,
    /// All names below a public suffix may use credentials.
    PublicSuffixes,
    /// `null` may be listed.
    NullOrigin,
    /// `file://` may be listed.
    FileOrigin,
    /// Any origin may use credentials.
    ReflectAnyOrigin,
}

impl Danger {
    /// All of them.
    pub const ALL: [Danger; 5] = [
        Danger::InsecureOrigins,
        Danger::PublicSuffixes,
        Danger::NullOrigin,
        Danger::FileOrigin,
        Danger::ReflectAnyOrigin,
    ];

    /// Its key in `danger(…)`.
    pub const fn key(self) -> &'static str {
        match self {
            Danger::InsecureOrigins => "insecure_origins",
            Danger::PublicSuffixes => "public_suffixes",
            Danger::NullOrigin => "null_origin",
            Danger::FileOrigin => "file_origin",
            Danger::ReflectAnyOrigin => "reflect_any_origin",
        }
    }

    /// The danger of this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|danger| danger.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_danger_has_a_key_of_its_own() {
        let keys = Danger::ALL.map(Danger::key);
        assert_eq!(
            keys,
            [
                "insecure_origins",
                "public_suffixes",
                "null_origin",
                "file_origin",
                "reflect_any_origin",
            ]
        );
        assert_eq!(keys.map(Danger::from_key), Danger::ALL.map(Some));
        assert_eq!(Danger::from_key("origins"), None);
    }
}
