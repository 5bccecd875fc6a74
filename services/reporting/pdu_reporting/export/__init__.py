"""Tables as files: CSV, XLSX and Parquet, each with what a program has to know about them."""
