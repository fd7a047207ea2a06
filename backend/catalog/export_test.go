package catalog

// What tests from outside of the package use.
var (
	Site = site
	See  = see
)
