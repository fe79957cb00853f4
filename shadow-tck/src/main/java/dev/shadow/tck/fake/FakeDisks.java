package dev.shadow.tck.fake;

import dev.shadow.spi.InstanceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The disks of all instances of a {@link FakeFleet}. A disk is the list of the numbered writes that it
 * holds, in their order, so that a test can say which writes survived. Thread-safe.
 */
public final class FakeDisks {
    private final Object lock = new Object();
    private final Map<InstanceId, List<Long>> disks = new HashMap<>();

    private FakeDisks() {}

    /** Returns disks of no instance yet. */
    public static FakeDisks create() {
        return new FakeDisks();
    }

    /** Gives an instance an empty disk, unless it has one. */
    public void add(InstanceId instance) {
        synchronized (lock) {
            disks.putIfAbsent(instance, new ArrayList<>());
        }
    }

    /** Takes an instance's disk away. */
    public void remove(InstanceId instance) {
        synchronized (lock) {
            disks.remove(instance);
        }
    }

    /** The writes on an instance's disk in their order, or empty if it has no disk. */
    public Optional<List<Long>> content(InstanceId instance) {
        synchronized (lock) {
            return Optional.ofNullable(disks.get(instance)).map(List::copyOf);
        }
    }

    void append(InstanceId instance, List<Long> writes) {
        synchronized (lock) {
            disks.computeIfAbsent(instance, i -> new ArrayList<>()).addAll(writes);
        }
    }

    void replace(InstanceId instance, List<Long> writes) {
        synchronized (lock) {
            disks.put(instance, new ArrayList<>(writes));
        }
    }
}
