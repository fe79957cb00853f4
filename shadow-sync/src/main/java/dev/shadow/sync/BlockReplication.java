package dev.shadow.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.VerifyReport;
import dev.shadow.sync.internal.BlockSession;
import dev.shadow.sync.internal.ChannelFile;
import dev.shadow.sync.internal.Dialer;
import dev.shadow.sync.internal.ImageComparison;
import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.RefusalCode;
import dev.shadow.sync.internal.ReplicaPoint;
import dev.shadow.sync.internal.SessionRunner;
import dev.shadow.sync.internal.SourceMachine;
import dev.shadow.sync.internal.StorageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replicates blocks of disks that this process owns to {@link ReplicaServer}s over TCP and unix sockets. Runs in the process that owns
 * the disks; without any disk it can still promote and ask for status, which speak to the target alone. May be shared
 * between threads.
 */
public final class BlockReplication implements SyncEngine, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlockReplication.class);

    private final BlockReplicationConfig config;
    private final Dialer dialer;
    private final Map<InstanceId, BlockSession> sessions = new HashMap<>();
    private boolean closed;

    private BlockReplication(BlockReplicationConfig config) {
        this.config = config;
        this.dialer = Dialer.of(config.network(), config.threads());
    }

    /** Returns an engine with this configuration; it starts no thread before a session is started. */
    public static BlockReplication overTcp(BlockReplicationConfig config) {
        return new BlockReplication(config);
    }

    @Override
    public SyncSession open(SyncSpec spec, Duration timeout) throws SyncException {
        if (spec.method() != SyncMethod.BLOCK) {
            throw permanent("method " + spec.method() + " is not supported by block replication: use BLOCK");
        }
        BlockSession existing = existing(spec);
        if (existing != null) {
            existing.change(spec);
            return existing;
        }
        ReplicaPoint point = askPoint(spec, timeout);
        BlockSession superseded = null;
        BlockSession session = BlockSession.open(spec, environment(spec), point);
        synchronized (sessions) {
            requireOpen();
            BlockSession other = sessions.get(spec.target());
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

    private @Nullable BlockSession existing(SyncSpec spec) throws SyncException {
        synchronized (sessions) {
            requireOpen();
            BlockSession session = sessions.get(spec.target());
            if (session == null) {
                return null;
            }
            Generation held = session.spec().generation();
            if (spec.generation().isOlderThan(held)) {
                throw new StaleGenerationException(spec.vm(), spec.generation(), held);
            }
            if (!held.equals(spec.generation())) {
                return null;
            }
            SyncSpec open = session.spec();
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
            Optional<Message.StatusReply> reply = ask(spec.targetHost(), spec.target(), limit);
            if (reply.isEmpty()) {
                return ReplicaPoint.NONE;
            }
            Generation seen = Generation.of(reply.get().generation());
            if (spec.generation().isOlderThan(seen)) {
                throw new StaleGenerationException(spec.vm(), spec.generation(), seen);
            }
            return reply.get().point();
        } catch (SyncException e) {
            LOG.debug("target of {} cannot be asked while its session is opened", spec.target(), e);
            return ReplicaPoint.NONE;
        }
    }

    private BlockSession.Environment environment(SyncSpec spec) {
        return new BlockSession.Environment(
                () -> config.disks().apply(spec.source()).map(ReplicatedDisk::tracked),
                new SourceMachine.Limits(
                        config.frameBytes(),
                        config.windowBytes(),
                        config.minEpochInterval().toNanos(),
                        config.maxEpochInterval().toNanos()),
                new SessionRunner.Settings(
                        spec.source() + " -> " + spec.target(),
                        spec.targetHost(),
                        dialer,
                        config.nanoClock(),
                        config.threads()),
                dialer,
                config.random(),
                config.clock(),
                this::forget);
    }

    private void forget(BlockSession session) {
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

    /**
     * Asks the target alone what it holds; needs no session and no disk.
     *
     * @return empty if the target has no such replica
     * @throws SyncException if the host is unknown or does not answer within {@code timeout}
     */
    public Optional<ReplicaStatus> targetStatus(HostId host, InstanceId target, Duration timeout) throws SyncException {
        return ask(host, target, timeout).map(reply -> status(target, reply));
    }

    /**
     * Asks the target alone which points in time it can promote the replica at, oldest first; the last one is its last
     * committed epoch.
     *
     * @throws SyncException if the host is unknown, does not answer within {@code timeout}, or has no such replica
     */
    public List<HistoryPoint> targetHistory(HostId host, InstanceId target, Duration timeout) throws SyncException {
        Message answer = dialer.ask(host, "", target, new Message.HistoryRequest(), 0, timeout);
        if (answer instanceof Message.History history) {
            return history.points().stream()
                    .map(point -> new HistoryPoint(
                            point.epoch(), Instant.ofEpochMilli(point.frozenAtMillis()), point.writeNumber()))
                    .toList();
        }
        throw unexpected(answer);
    }

    /**
     * Promotes a replica at one of its {@linkplain #targetHistory points in time}, by the target alone, and gives up the
     * epochs after it. Repeated with the same generation and epoch it returns the same promotion.
     *
     * @param epoch of the point, or 0 for the last committed one
     * @throws SyncException if the host is unknown, does not answer within {@code timeout}, has no such replica or epoch,
     *     or the replica was promoted at another one
     * @throws StaleGenerationException if the replica has seen a newer generation
     */
    public Promotion promoteTarget(
            HostId host, VmId vm, InstanceId target, Generation generation, long epoch, Duration timeout)
            throws SyncException {
        Message answer = dialer.ask(
                host, vm.value(), target, new Message.Promote(generation.value(), epoch), generation.value(), timeout);
        if (answer instanceof Message.Promoted promoted) {
            return new Promotion(
                    Generation.of(promoted.generation()),
                    promoted.epoch(),
                    Instant.ofEpochMilli(promoted.frozenAtMillis()),
                    promoted.discardedBytes());
        }
        if (answer instanceof Message.Refused refused && refused.code() == RefusalCode.STALE_GENERATION) {
            throw new StaleGenerationException(vm, generation, Generation.of(refused.highestGeneration()));
        }
        throw unexpected(answer);
    }

    /**
     * Compares an image with a replica by digests of its chunks, without sending content. Nobody may write either
     * meanwhile; a replica that moves on ends the comparison.
     *
     * @return the chunks that differ, as of the replica's last committed epoch
     * @throws SyncException if the host does not answer each question within {@code timeout}, has no such replica or one
     *     without a committed epoch or of another size, it moves on or is promoted, or the image cannot be read
     */
    public VerifyReport compare(HostId host, InstanceId target, Path imageFile, Duration timeout) throws SyncException {
        Message.StatusReply status = ask(host, target, timeout)
                .orElseThrow(() -> permanent("there is no replica " + target + " at host " + host));
        if (!status.point().isCommitted()) {
            throw permanent("replica " + target + " holds no committed epoch");
        }
        try (StorageFile image = ChannelFile.openToRead(imageFile)) {
            if (image.size() != status.sizeBytes()) {
                throw permanent("image " + imageFile + " has " + image.size() + " bytes and replica " + target + " "
                        + status.sizeBytes());
            }
            ImageComparison comparison =
                    ImageComparison.of(image, status.sizeBytes(), status.point().epoch());
            while (!comparison.isComplete()) {
                Message answer = dialer.ask(host, "", target, comparison.nextRequest(), 0, timeout);
                if (!(answer instanceof Message.Digests digests)) {
                    throw unexpected(answer);
                }
                comparison.take(digests);
            }
            return comparison.report();
        } catch (IOException e) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT, "image " + imageFile + " cannot be compared: " + e.getMessage(), e);
        }
    }

    private static SyncException unexpected(Message answer) {
        return permanent(
                answer instanceof Message.Refused refused
                        ? refused.detail()
                        : "the target gave an answer that has no place here: " + answer);
    }

    private static ReplicaStatus status(InstanceId target, Message.StatusReply reply) {
        ReplicaPoint point = reply.point();
        return new ReplicaStatus(
                VmId.of(reply.vm()),
                target,
                reply.sizeBytes(),
                reply.blockSize(),
                Generation.of(reply.generation()),
                reply.promoted(),
                point.isCommitted() ? OptionalLong.of(point.epoch()) : OptionalLong.empty(),
                point.isCommitted() ? Optional.of(Instant.ofEpochMilli(point.frozenAtMillis())) : Optional.empty(),
                point.writeNumber(),
                reply.stagedBytes(),
                reply.connected());
    }

    private Optional<Message.StatusReply> ask(HostId host, InstanceId target, Duration timeout) throws SyncException {
        Message answer = dialer.ask(host, "", target, new Message.StatusRequest(), 0, timeout);
        if (answer instanceof Message.StatusReply reply) {
            return Optional.of(reply);
        }
        if (answer instanceof Message.Refused refused && refused.code() == RefusalCode.UNKNOWN_REPLICA) {
            return Optional.empty();
        }
        throw unexpected(answer);
    }

    private void requireOpen() throws SyncException {
        if (closed) {
            throw permanent("this engine is closed");
        }
    }

    private static SyncException permanent(String message) {
        return new SyncException(SyncException.Retry.PERMANENT, message);
    }

    /**
     * Stops every session; their dirty state stays with the disks, so that a later engine continues. A synchronous disk
     * goes on holding its writes until its session is opened and started again. Closing twice has the effect of once.
     */
    @Override
    public void close() {
        List<BlockSession> open;
        synchronized (sessions) {
            closed = true;
            open = List.copyOf(sessions.values());
        }
        open.forEach(BlockSession::suspend);
    }
}
