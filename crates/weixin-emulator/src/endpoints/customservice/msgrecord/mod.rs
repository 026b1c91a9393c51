pub(crate) mod getmsglist;
