//! Mini programs: who is it?

mod mini_login;

pub use mini_login::{Device, MiniLogin, MiniLoginAnswer, mini_login};
