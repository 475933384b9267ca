package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

// account is who PostgreSQL runs as. PostgreSQL refuses root, so for root it is
// one of two things: another user of the machine, or root itself seen from
// inside a user namespace, where it has a number that is not 0. The second one
// serves when that other user cannot enter the directories it would need, as in
// a checkout below /root.
type account struct {
	uid, gid  int
	drop      bool // run as uid and gid, which are not ours
	namespace bool // run as ourselves, called uid and gid inside a namespace
}

// self is the account of whoever runs us, when it is not root.
func self() account { return account{uid: os.Geteuid(), gid: os.Getegid()} }

// droppable returns the users that root may become to run PostgreSQL.
func droppable() []account {
	var all []account
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if errUID == nil && errGID == nil && uid != 0 {
			all = append(all, account{uid: uid, gid: gid, drop: true})
		}
	}
	return all
}

// inNamespace is root under the number that another account has outside.
// initdb insists on a number that belongs to a user.
func inNamespace(other account) account {
	return account{uid: other.uid, gid: other.gid, namespace: true}
}

// claim chooses the account for a cluster, given a directory of ours that will
// hold it, and hands that directory over.
func claim(ctx context.Context, dir string, bin binaries) (account, error) {
	if os.Geteuid() != 0 {
		return self(), nil
	}
	for _, a := range droppable() {
		if err := os.Chown(dir, a.uid, a.gid); err != nil {
			return account{}, err
		}
		if err := a.reaches(ctx, dir, bin); err == nil {
			return a, nil
		}
	}
	if err := os.Chown(dir, 0, 0); err != nil {
		return account{}, err
	}
	return claimForRoot(ctx, dir, bin)
}

// claimForRoot chooses a number for root inside a namespace.
func claimForRoot(ctx context.Context, dir string, bin binaries) (account, error) {
	var failed error
	for _, a := range droppable() {
		a = inNamespace(a)
		err := a.reaches(ctx, dir, bin)
		if err == nil {
			return a, nil
		}
		failed = errors.Join(failed, err)
	}
	return account{}, fmt.Errorf("PostgreSQL no puede ejecutarse como root y ninguna otra cuenta alcanza %s y %s; usa una carpeta a la que la cuenta «postgres» pueda entrar, o ejecuta esto con una cuenta ordinaria: %w",
		dir, bin.dir, failed)
}

// ownerOf returns the account that a cluster already belongs to.
func ownerOf(ctx context.Context, dir string, bin binaries) (account, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return account{}, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return account{}, fmt.Errorf("no se pudo saber de quién es %s", dir)
	}
	owner := account{uid: int(stat.Uid), gid: int(stat.Gid)}
	switch {
	case os.Geteuid() == owner.uid && owner.uid != 0:
		return self(), nil
	case os.Geteuid() != 0:
		return account{}, fmt.Errorf("la base de datos de %s pertenece a otra cuenta (uid %d); ejecuta esto con esa cuenta o usa otra carpeta en CONOCELES_DATA_DIR", dir, owner.uid)
	case owner.uid != 0:
		owner.drop = true
		if err := owner.reaches(ctx, dir, bin); err != nil {
			return account{}, fmt.Errorf("la cuenta de la base de datos (uid %d) ya no alcanza %s o %s; revisa los permisos de esas carpetas: %w", owner.uid, dir, bin.dir, err)
		}
		return owner, nil
	default:
		return claimForRoot(ctx, dir, bin)
	}
}

// reaches reports whether the account can enter dir and run the binaries, by
// trying: the kernel knows more reasons to refuse than we would check.
func (a account) reaches(ctx context.Context, dir string, bin binaries) error {
	cmd := a.command(ctx, bin.postgres(), "-V")
	cmd.Dir = dir
	return cmd.Run()
}

// command prepares a program to run as the account, in a process group of its
// own and with an environment that holds nothing of ours.
func (a account) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	credential := &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	switch {
	case a.drop:
		cmd.SysProcAttr.Credential = credential
	case a.namespace:
		// A namespace made without privileges may not set groups.
		credential.NoSetGroups = true
		cmd.SysProcAttr.Credential = credential
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: a.uid, HostID: 0, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: a.gid, HostID: 0, Size: 1}}
	}
	return cmd
}

// run waits for a short program that must not outlive us. The kernel watches
// the thread that started it, not the process: the thread must stay.
func (a account) run(ctx context.Context, name string, args ...string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := a.command(ctx, name, args...)
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, lastLines(string(out), 5))
	}
	return nil
}

// give makes dir, which is ours and new, the account's alone.
func (a account) give(dir string) error {
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	if !a.drop {
		return nil
	}
	return os.Chown(dir, a.uid, a.gid)
}
