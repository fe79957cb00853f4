package dev.shadow.sync.internal;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A disk image and, per replica, what has changed. One lock orders writes, freezes and acknowledgements: a write marks
 * its blocks, then hits the image, and belongs to an epoch exactly if its number is not above the epoch's. May be shared
 * between threads.
 */
public final class TrackedDisk {
    private static final String PEER_SUFFIX = ".peer";

    private final Identity identity;
    private final StorageFile image;
    private final Storage state;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final DiskHeader header;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final TreeMap<InstanceId, Peer> peers = new TreeMap<>();
    private boolean closed;

    /** What a disk is and who writes to it. */
    public record Identity(VmId vm, InstanceId instance, Generation generation, long sizeBytes, int blockSize) {}

    private TrackedDisk(
            Identity identity,
            StorageFile image,
            Storage state,
            DiskHeader header,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.identity = identity;
        this.image = image;
        this.state = state;
        this.header = header;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /**
     * Opens a disk with the peers that its state directory remembers.
     *
     * @param boot names this run of the machine; {@link Lineage#NONE} if unknown, so that only an orderly close is trusted
     */
    public static TrackedDisk open(
            Identity identity,
            StorageFile image,
            Storage state,
            Lineage boot,
            InstantSource clock,
            LongSupplier nanoClock)
            throws IOException {
        DiskHeader header = DiskHeader.open(
                state, identity.vm(), identity.generation().value(), identity.sizeBytes(), identity.blockSize(), boot);
        TrackedDisk disk = new TrackedDisk(identity, image, state, header, clock, nanoClock);
        for (String name : state.list()) {
            if (name.endsWith(PEER_SUFFIX)) {
                disk.addPeer(InstanceId.of(name.substring(0, name.length() - PEER_SUFFIX.length())));
            }
        }
        return disk;
    }

    /** What the disk is. */
    public Identity identity() {
        return identity;
    }

    /** Number of the last write that was begun. */
    public long writeNumber() {
        lock.lock();
        try {
            return header.writeNumber();
        } finally {
            lock.unlock();
        }
    }

    /** The generation that has taken over, or -1. */
    public long fencedBy() {
        lock.lock();
        try {
            return header.fencedBy();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses writes from now on, because a newer generation has taken over. */
    public void fence(long generation) throws IOException {
        lock.lock();
        try {
            if (generation > identity.generation().value()) {
                header.fence(generation);
                progress.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads; sees every write that was submitted before. */
    public void read(long offset, ByteBuffer target) throws IOException {
        checkRange(offset, target.remaining());
        image.read(offset, target);
    }

    /** Makes the image durable. */
    public void flush() throws IOException {
        image.force();
    }

    /**
     * Marks and writes, and does not wait for replicas.
     *
     * @return the number of the write
     */
    public long submit(long offset, ByteBuffer source) throws IOException {
        int length = source.remaining();
        checkRange(offset, length);
        lock.lock();
        try {
            requireWritable();
            long number;
            if (length == 0) {
                return header.nextWriteNumber();
            }
            long first = offset / identity.blockSize();
            int count = (int) ((offset + length - 1) / identity.blockSize() - first) + 1;
            awaitReaders(first, count);
            requireWritable();
            number = header.nextWriteNumber();
            for (Peer peer : peers.values()) {
                peer.beforeWrite(first, count, offset, length);
            }
            image.write(offset, source);
            peers.values().forEach(Peer::wake);
            return number;
        } finally {
            lock.unlock();
        }
    }

    private void awaitReaders(long first, int count) {
        boolean waited = true;
        while (waited) {
            waited = false;
            for (Peer peer : List.copyOf(peers.values())) {
                waited |= peer.awaitReader(first, count);
            }
        }
    }

    private void requireWritable() throws IOException {
        if (closed) {
            throw new IOException("disk " + identity.instance() + " is closed");
        }
        if (header.fencedBy() > identity.generation().value()) {
            throw new StaleGenerationException(identity.vm(), identity.generation(), Generation.of(header.fencedBy()));
        }
    }

    private void checkRange(long offset, int length) throws IOException {
        if (offset < 0 || offset > identity.sizeBytes() - length) {
            throw new IOException("range of " + length + " bytes at " + offset + " must lie within the "
                    + identity.sizeBytes() + " bytes of disk " + identity.instance());
        }
    }

    /** Says whether no replica has to confirm the write any more. */
    public boolean isAcknowledged(long number) {
        lock.lock();
        try {
            return peers.values().stream().noneMatch(peer -> peer.withholds(number));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until every synchronous replica has the write.
     *
     * @throws IOException if that took too long or the disk was closed
     */
    public void awaitAcknowledged(long number) throws IOException {
        lock.lock();
        try {
            long since = nanoClock.getAsLong();
            List<Peer> replicas = List.copyOf(peers.values());
            for (long left = nanosToWait(replicas, number, since);
                    left > 0;
                    left = nanosToWait(replicas, number, since)) {
                requireWritable();
                progress.awaitNanos(left);
            }
            if (header.fencedBy() > identity.generation().value()) {
                requireWritable();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a write waited for a replica");
        } finally {
            lock.unlock();
        }
    }

    /** How long a write may wait before its replicas are looked at again; 0 if none of them withholds it. */
    private long nanosToWait(List<Peer> replicas, long number, long sinceNanos) throws IOException {
        long wait = 0;
        for (Peer peer : replicas) {
            if (peer.withholds(number)) {
                long left = nanosLeft(peer, number, sinceNanos);
                wait = wait == 0 ? left : Math.min(wait, left);
            }
        }
        return wait;
    }

    private long nanosLeft(Peer peer, long number, long sinceNanos) throws IOException {
        if (peer.waitsWithoutLimit()) {
            return 1_000_000_000L;
        }
        long timeout = peer.writeTimeoutNanos();
        long left = timeout - (nanoClock.getAsLong() - sinceNanos);
        if (left <= 0) {
            requireWritable();
            throw new IOException("write " + number + " was not confirmed by replica " + peer.target() + " within "
                    + Duration.ofNanos(timeout).toMillis() + " ms; it is on the local disk and will be sent again, "
                    + "but is not acknowledged");
        }
        return left;
    }

    /** Returns the tracking for a replica, starting it (with every block marked) if there is none. */
    public Peer peer(InstanceId target) throws IOException {
        lock.lock();
        try {
            requireWritable();
            Peer peer = peers.get(target);
            return peer != null ? peer : addPeer(target);
        } finally {
            lock.unlock();
        }
    }

    private Peer addPeer(InstanceId target) throws IOException {
        PeerState peerState = PeerState.open(
                state,
                target.value() + PEER_SUFFIX,
                identity.sizeBytes(),
                identity.blockSize(),
                header.isTrusted(),
                clock.millis());
        Peer peer = new Peer(this, target, peerState, image, state.open(target.value() + ".frozen"));
        peers.put(target, peer);
        return peer;
    }

    /** Names of the replicas that are tracked. */
    public List<InstanceId> peers() {
        lock.lock();
        try {
            return new ArrayList<>(peers.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Stops tracking for a replica that has no session. */
    public void forget(InstanceId target) throws IOException {
        lock.lock();
        try {
            Peer peer = peers.get(target);
            if (peer == null) {
                return;
            }
            if (peer.isAttached()) {
                throw new IOException("replica " + target + " has a running session: close it first");
            }
            peers.remove(target);
            peer.leaveSynchronous();
            peer.closeFiles();
            state.delete(target.value() + PEER_SUFFIX);
            state.delete(target.value() + ".frozen");
            state.forceDirectory();
        } finally {
            lock.unlock();
        }
    }

    /** Closes in order: what was tracked is durable and will be trusted. */
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            progress.signalAll();
            awaitReaders(0, (int) (identity.sizeBytes() / identity.blockSize()));
            image.force();
            for (Peer peer : peers.values()) {
                peer.force();
                peer.closeFiles();
            }
            header.close();
            image.close();
        } finally {
            lock.unlock();
        }
    }

    ReentrantLock lock() {
        return lock;
    }

    void signalProgress() {
        progress.signalAll();
    }

    long currentWrite() {
        return header.writeNumber();
    }

    long nowMillis() {
        return clock.millis();
    }

    boolean tracks(Peer peer) {
        return peers.get(peer.target()) == peer;
    }

    boolean isClosed() {
        return closed;
    }
}
