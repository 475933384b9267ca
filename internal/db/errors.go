package db

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"conoceles/internal/fault"
)

// Constraint returns the name of the constraint that err says was broken, or
// "". The name has a message in web/es.
func Constraint(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(e.Code, "23") {
		return e.ConstraintName
	}
	return ""
}

// Fault gives an error of PostgreSQL the kind it has for a person: a missing row
// is NotFound, a broken constraint Conflict or Invalid, a server that does not
// answer Unavailable. Errors that already have a kind, and nil, pass unchanged.
func Fault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.Wrap(fault.NotFound, "", err)
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return unavailable(err)
	}
	switch {
	case e.Code == "23505" || e.Code == "23P01":
		return fault.Wrap(fault.Conflict, "", err)
	case strings.HasPrefix(e.Code, "23"), e.Code == "22021", strings.HasPrefix(e.Code, "22"):
		return fault.Wrap(fault.Invalid, "", err)
	}
	return unavailable(err)
}

// unavailable marks the errors that mean «not now»: no connection, shutting
// down, out of resources, a statement or lock timeout. Others pass unchanged.
func unavailable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code[:2] {
		case "08", "53", "57", "55", "25":
			return fault.Wrap(fault.Unavailable, "", err)
		}
		return err
	}
	_, connect := errors.AsType[*pgconn.ConnectError](err)
	_, broken := errors.AsType[*net.OpError](err)
	broken = broken || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
	if connect || broken || errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) {
		return fault.Wrap(fault.Unavailable, "", err)
	}
	return err
}

// retryable reports whether the transaction failed only because another was at
// the same rows, so that running it again may succeed.
func retryable(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

// isServerError reports whether the server itself answered with an error, so
// that the outcome is known.
func isServerError(err error) bool {
	_, ok := errors.AsType[*pgconn.PgError](err)
	return ok || errors.Is(err, pgx.ErrTxCommitRollback)
}
