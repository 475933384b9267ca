// Package deskpage draws the pages behind the login. Each takes a view model
// with everything it shows; none reads anything.
package deskpage
