//! Literals of policies as header values.

use std::cell::RefCell;

use actix_web::http::header::HeaderValue;

const SLOTS: usize = 16;

type Slot = Option<(&'static str, HeaderValue)>;

thread_local! {
    /// Making a value looks at every byte, so some of the last ones are kept, each in the slot that
    /// its address determines.
    static KEPT: RefCell<[Slot; SLOTS]> = const { RefCell::new([const { None }; SLOTS]) };
}

/// The origin `literal` as a header value.
pub(super) fn header_value(literal: &'static str) -> HeaderValue {
    let kept = KEPT.try_with(|kept| {
        let slot = &mut kept.borrow_mut()[literal.as_ptr().addr() / SLOTS % SLOTS];
        match slot {
            Some((text, value)) if std::ptr::eq(*text, literal) => value.clone(),
            _ => {
                let value = HeaderValue::from_static(literal);
                *slot = Some((literal, value.clone()));
                value
            }
        }
    });
    // Nothing is kept in a thread that ends.
    kept.unwrap_or_else(|_| HeaderValue::from_static(literal))
}

#[cfg(test)]
mod tests {
    use super::header_value;

    #[test]
    fn each_literal_gets_its_own_value_whatever_was_kept() {
        // More than there are slots, and each the start of the one before it.
        let all: &'static str = "https://abcdefghijklmnopqrstuvwxyz.example";
        for _ in 0..2 {
            for end in (8..=all.len()).rev() {
                assert_eq!(header_value(&all[..end]), all[..end]);
            }
            for start in 0..all.len() {
                assert_eq!(header_value(&all[start..]), all[start..]);
            }
        }
    }
}
