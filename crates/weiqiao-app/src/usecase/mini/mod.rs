//! Mini programs: who is it?

mod decrypt;
mod mini_login;
mod phone;

pub use decrypt::{EncryptedData, decrypt};
pub use mini_login::{Device, MiniLogin, MiniLoginAnswer, mini_login};
pub use phone::phone_number;
