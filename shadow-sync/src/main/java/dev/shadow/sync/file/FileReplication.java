package dev.shadow.sync.file;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.sync.internal.Dialer;
import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.ReplicaPoint;
import dev.shadow.sync.internal.file.FileSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicates directory trees over TCP to replica servers, in asynchronous rounds. Each round scans the tree by size and
 * time, reads what changed, sends the differences found by rolling checksum (Tridgell and Mackerras, "The rsync
 * algorithm", 1996), and is committed as a whole. Each file is as it was at one moment of the scan; the whole tree is of
 * one moment only if nobody writes to it meanwhile, as in a snapshot. Carries regular files (sparse ones stay sparse),
 * directories, symbolic links, the nine permission bits and times; owners, extended attributes and hard links are not
 * carried, and devices, pipes and sockets are left out and named in the log and in the status. May be shared between
 * threads.
 */
public final class FileReplication implements SyncEngine, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileReplication.class);

    private final FileReplicationConfig config;
    private final Dialer dialer;
    private final Map<InstanceId, FileSession> sessions = new HashMap<>();
    private boolean closed;

    private FileReplication(FileReplicationConfig config) {
        this.config = config;
        this.dialer = Dialer.of(config.network(), config.threads());
    }

    /** Returns an engine without sessions. */
    public static FileReplication overTcp(FileReplicationConfig config) {
        return new FileReplication(config);
    }

    @Override
    public SyncSession open(SyncSpec spec, Duration timeout) throws SyncException {
        if (spec.method() != SyncMethod.FILE || spec.mode() != SyncMode.ASYNCHRONOUS) {
            throw permanent("files are replicated by method FILE in mode ASYNCHRONOUS, not by " + spec.method()
                    + " in mode " + spec.mode());
        }
        FileSession existing = existing(spec);
        if (existing != null) {
            existing.change(spec);
            return existing;
        }
        FileSession session = FileSession.open(spec, environment(spec), askPoint(spec, timeout));
        FileSession superseded;
        synchronized (sessions) {
            requireOpen();
            FileSession other = sessions.get(spec.target());
            if (other != null && other.spec().generation().equals(spec.generation())) {
                return other;
            }
            superseded = sessions.put(spec.target(), session);
        }
        if (superseded != null) {
            superseded.close();
        }
        return session;
    }

    private @Nullable FileSession existing(SyncSpec spec) throws SyncException {
        synchronized (sessions) {
            requireOpen();
            FileSession session = sessions.get(spec.target());
            if (session == null) {
                return null;
            }
            SyncSpec open = session.spec();
            if (spec.generation().isOlderThan(open.generation())) {
                throw new StaleGenerationException(spec.vm(), spec.generation(), open.generation());
            }
            if (!open.generation().equals(spec.generation())) {
                return null;
            }
            if (!open.source().equals(spec.source())
                    || !open.vm().equals(spec.vm())
                    || !open.targetHost().equals(spec.targetHost())) {
                throw permanent("the session to " + spec.target() + " is open from " + open.source() + " of "
                        + open.vm() + " to host " + open.targetHost() + " in the same generation: close it first");
            }
            return session;
        }
    }

    /** What the target holds, if it can be asked quickly; refuses an old generation. */
    private ReplicaPoint askPoint(SyncSpec spec, Duration timeout) {
        Duration patience = config.network().connectTimeout();
        Duration limit = timeout.compareTo(patience) < 0 ? timeout : patience;
        try {
            Message answer = dialer.ask(spec.targetHost(), "", spec.target(), new Message.StatusRequest(), 0, limit);
            if (!(answer instanceof Message.StatusReply reply)) {
                return ReplicaPoint.NONE;
            }
            Generation seen = Generation.of(reply.generation());
            if (spec.generation().isOlderThan(seen)) {
                throw new StaleGenerationException(spec.vm(), spec.generation(), seen);
            }
            return reply.point();
        } catch (SyncException e) {
            LOG.debug("target of {} cannot be asked while its session is opened", spec.target(), e);
            return ReplicaPoint.NONE;
        }
    }

    private FileSession.Environment environment(SyncSpec spec) {
        return new FileSession.Environment(
                () -> config.trees().apply(spec.source()),
                dialer,
                config.windowBytes(),
                config.minInterval(),
                config.maxInterval(),
                config.clock(),
                config.nanoClock(),
                config.threads(),
                this::forget);
    }

    private void forget(FileSession session) {
        synchronized (sessions) {
            sessions.remove(session.spec().target(), session);
        }
    }

    @Override
    public Optional<SyncSession> session(InstanceId target) {
        synchronized (sessions) {
            return Optional.ofNullable(sessions.get(target));
        }
    }

    private void requireOpen() throws SyncException {
        if (closed) {
            throw permanent("this engine is closed");
        }
    }

    private static SyncException permanent(String message) {
        return new SyncException(SyncException.Retry.PERMANENT, message);
    }

    /** Stops every session; a later engine continues from what the targets hold. Closing twice has the effect of once. */
    @Override
    public void close() {
        List<FileSession> open;
        synchronized (sessions) {
            closed = true;
            open = List.copyOf(sessions.values());
        }
        open.forEach(FileSession::suspend);
    }
}
