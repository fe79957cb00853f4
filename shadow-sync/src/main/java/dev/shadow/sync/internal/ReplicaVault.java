package dev.shadow.sync.internal;

import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.sync.DiskSpec;
import dev.shadow.sync.HistoryPolicy;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every replica of one directory. May be shared between threads. */
public final class ReplicaVault {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaVault.class);

    private final Storage root;
    private final long journalLimit;
    private final HistoryPolicy history;
    private final ConcurrentSkipListMap<InstanceId, Replica> replicas = new ConcurrentSkipListMap<>();

    private volatile boolean openToNew;

    private ReplicaVault(Storage root, long journalLimit, HistoryPolicy history) {
        this.root = root;
        this.journalLimit = journalLimit;
        this.history = history;
    }

    /** Recovers every replica of a directory to its last committed epoch. */
    public static ReplicaVault recover(Storage root, long journalLimit, HistoryPolicy history) throws IOException {
        ReplicaVault vault = new ReplicaVault(root, journalLimit, history);
        for (String name : root.list()) {
            vault.recoverOne(name);
        }
        return vault;
    }

    private void recoverOne(String name) throws IOException {
        if (!name.endsWith(".replica")) {
            return;
        }
        Replica replica = Replica.recover(root.directory(name), journalLimit, history);
        String instance = name.substring(0, name.length() - ".replica".length());
        if (replica == null) {
            LOG.warn("replica {} has no readable state and is left alone: create it again or remove it", instance);
            return;
        }
        replicas.put(InstanceId.of(instance), replica);
    }

    /** Name of the directory of a replica. */
    public static String directoryOf(InstanceId instance) {
        return instance.value() + ".replica";
    }

    /** Finds a replica. */
    public Optional<Replica> find(InstanceId instance) {
        return Optional.ofNullable(replicas.get(instance));
    }

    /** Every replica by name. */
    public Map<InstanceId, Replica> all() {
        return Map.copyOf(replicas);
    }

    /** Makes a replica, or takes note of the generation if it is there with the same geometry. */
    public synchronized void create(String vm, InstanceId instance, long sizeBytes, int blockSize, long generation)
            throws IOException {
        Replica existing = replicas.get(instance);
        if (existing != null) {
            existing.requireGeometry(vm, sizeBytes, blockSize);
            existing.observe(generation);
            return;
        }
        Storage directory = root.directory(directoryOf(instance));
        if (!Replica.isUnfinished(directory)) {
            throw new IOException("its directory " + directoryOf(instance) + " has a state file that cannot be read, "
                    + "and may hold committed epochs: restore the file and restart the server, or give the data up by "
                    + "removing the replica");
        }
        root.forceDirectory();
        replicas.put(
                instance,
                Replica.create(
                        directory, vm, instance.value(), sizeBytes, blockSize, generation, journalLimit, history));
    }

    /** From now on, a source may bring a replica that is not here. */
    public void openToNew() {
        openToNew = true;
    }

    /** Makes the replica that a source has asked for, if that is allowed and it is not here. */
    void admit(Message.Hello hello, long generation) throws IOException {
        InstanceId instance = InstanceId.of(hello.target());
        if (openToNew && !replicas.containsKey(instance)) {
            DiskSpec.checkGeometry(hello.sizeBytes(), hello.blockSize());
            create(VmId.of(hello.vm()).value(), instance, hello.sizeBytes(), hello.blockSize(), generation);
        }
    }

    /** Removes a replica and its files, its header first. */
    public synchronized void remove(InstanceId instance) throws IOException {
        Replica replica = replicas.remove(instance);
        if (replica != null) {
            replica.close();
        }
        if (!root.list().contains(directoryOf(instance))) {
            return;
        }
        Storage directory = root.directory(directoryOf(instance));
        directory.delete(Replica.STATE);
        directory.forceDirectory();
        directory.delete(Replica.JOURNAL);
        ReplicaHistory.delete(directory);
        directory.delete(Replica.IMAGE);
        root.deleteDirectory(directoryOf(instance));
        root.forceDirectory();
    }

    /** Closes every replica. */
    public void close() throws IOException {
        for (Replica replica : replicas.values()) {
            replica.close();
        }
    }
}
