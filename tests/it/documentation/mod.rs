//! Claims of the documentation, and an example.

mod migration;
mod security;
mod tenants_example;
