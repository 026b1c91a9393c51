//! How many people there are, asked the way staff would.

use weiqiao_app::usecase::api_key::verify_api_key;
use weiqiao_app::usecase::user::{UserListRequest, list_users};
use weiqiao_app::{App, Caller};

use crate::support::World;

pub async fn count(world: &World) -> u64 {
    count_in(&world.app).await
}

pub async fn count_in(app: &App) -> u64 {
    let key = weiqiao_app::usecase::api_key::NewApiKey {
        name: "test".into(),
        scopes: vec![weiqiao_model::ApiScope::UserRead],
        days: None,
    };
    let key = weiqiao_app::usecase::api_key::create_api_key(app, key).await.unwrap();
    let caller = Caller::ApiKey(verify_api_key(app, key.key.expose()).await.unwrap());
    list_users(app, &caller, UserListRequest::default()).await.unwrap().total
}
