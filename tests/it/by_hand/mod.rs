//! Handlers without a route attribute, which the app registers with `at`.

mod policies;
mod resources;
