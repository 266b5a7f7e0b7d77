"""What any module of a Galleria shop needs in Python. It knows the committed documents and nothing of the Rust code."""
