//! A policy is no middleware: `AppCors` is.

use actix_web::App;
use cors_runtime::{Policy, policy};

static PUBLIC: Policy = policy!(origins = ["*"]);

fn main() {
    let _ = App::new().wrap(PUBLIC);
    let _ = App::new().wrap(&PUBLIC);
    let _ = App::new().wrap(policy!(origins = ["*"]));
}
