module example.test/bugs

go 1.26
