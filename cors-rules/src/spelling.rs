//! Words that are nearly another word: "did you mean".

/// Nobody who writes them means an argument that grants something.
const NEGATIONS: [&str; 9] = [
    "no_", "not_", "non_", "den", "dis", "block", "exclu", "forbid", "reject",
];

/// True if a word in lower case takes away what the rest of it names: `denied_origins`.
pub fn is_negated(word: &str) -> bool {
    NEGATIONS.iter().any(|start| word.starts_with(start))
}

/// The candidate that `word` most likely means: at most a third of its letters differ.
pub fn closest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    if is_negated(&word) {
        return None;
    }
    candidates
        .iter()
        .map(|candidate| (distance(&word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
}

/// The candidate that `word` is most likely a slip of: one letter differs, or two are swapped.
pub(crate) fn slip<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let is_swapped = |candidate: &str| {
        let differ = |(a, b): &(u8, u8)| a != b;
        let pairs: Vec<_> = word.bytes().zip(candidate.bytes()).filter(differ).collect();
        word.len() == candidate.len() && matches!(&*pairs, [(a, b), (c, d)] if a == d && b == c)
    };
    candidates
        .iter()
        .copied()
        .find(|candidate| distance(word, candidate) == 1 || is_swapped(candidate))
}

/// The Levenshtein distance, in one row.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognized_and_strangers_are_not() {
        let known = [
            "origins",
            "credentials",
            "allow_headers",
            "max_age",
            "methods",
        ];
        assert_eq!(closest("origin", &known), Some("origins"));
        assert_eq!(closest("credential", &known), Some("credentials"));
        assert_eq!(closest("allowed_headers", &known), Some("allow_headers"));
        assert_eq!(closest("max-age", &known), Some("max_age"));
        assert_eq!(closest("supports_everything", &known), None);
        assert_eq!(closest("mthds", &known), Some("methods"));
        assert_eq!(closest("mtd", &known), None);
        for word in [
            "denied_origins",
            "not-origins",
            "no_credentials",
            "disallow_headers",
        ] {
            assert_eq!(closest(word, &known), None, "{word}");
        }
        for (a, b, expected) in [
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("ab", "ba", 2),
            ("a", "abcdef", 5),
            ("abcdef", "f", 5),
        ] {
            assert_eq!(distance(a, b), expected, "{a} and {b}");
        }
    }
}
