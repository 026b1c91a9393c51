super::table::rows! {}
