use actix_web::App;
use cors_runtime::cors;

macro_rules! pass {
    ($($item:item)*) => { $($item)* };
}

#[cors(origins = ["https://a.example"])]
mod api {
    use actix_web::get;

    #[get("/covered")]
    pub async fn covered() -> &'static str {
        ""
    }

    pass! {
        #[get("/passed")]
        pub async fn passed() -> &'static str {
            ""
        }
    }

    macro_rules! handler {
        ($name:ident) => {
            #[get("/made")]
            pub async fn $name() -> &'static str {
                ""
            }
        };
    }
    handler!(made);

    pass! {
        #[cors_runtime::cors(none)]
        #[get("/own")]
        pub async fn own() -> &'static str {
            ""
        }
    }
}

fn main() {
    let _ = App::new().service(api::covered);
    let _ = App::new().service(api::passed).service(api::made);
    let _ = App::new().service(api::own);
}
