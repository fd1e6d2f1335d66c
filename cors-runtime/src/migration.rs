//! Coming from `actix_cors`.
