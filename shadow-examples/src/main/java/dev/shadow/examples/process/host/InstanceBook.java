package dev.shadow.examples.process.host;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an agent remembers: its instances, the highest generation seen of each virtual machine, and which calls
 * were answered how. Every change is durable when the call returns. May be shared.
 */
final class InstanceBook {
    private static final int MAX_REMOVED = 1000;

    private final HostDirectory directory;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<String, InstanceRecord> instances;

    @GuardedBy("lock")
    private final Map<String, Generation> generations;

    @GuardedBy("lock")
    private final Map<String, String> removed;

    private InstanceBook(HostDirectory directory, Content content) {
        this.directory = directory;
        this.instances = new TreeMap<>(content.instances());
        this.generations = new TreeMap<>(content.generations());
        this.removed = new TreeMap<>(content.removed());
    }

    static InstanceBook open(HostDirectory directory) throws IOException {
        Content content = DurableFile.read(directory.instancesFile(), Content.class)
                .orElse(new Content(Map.of(), Map.of(), Map.of()));
        return new InstanceBook(directory, content);
    }

    Optional<InstanceRecord> get(InstanceId instance) {
        synchronized (lock) {
            return Optional.ofNullable(instances.get(instance.value()));
        }
    }

    List<InstanceRecord> all() {
        synchronized (lock) {
            return List.copyOf(instances.values());
        }
    }

    /** Sum of the disks of all instances. */
    long diskBytes() {
        synchronized (lock) {
            return instances.values().stream()
                    .mapToLong(record -> record.spec().size().diskBytes())
                    .sum();
        }
    }

    void put(InstanceRecord record) throws IOException {
        synchronized (lock) {
            instances.put(record.spec().id().value(), record);
            save();
        }
    }

    /** Forgets an instance, but not the key that it was created under: that key makes no second one. */
    void remove(InstanceId instance, String createdUnder) throws IOException {
        synchronized (lock) {
            instances.remove(instance.value());
            if (!createdUnder.isEmpty()) {
                if (removed.size() >= MAX_REMOVED) {
                    removed.clear();
                }
                removed.put(createdUnder, instance.value());
            }
            save();
        }
    }

    /** Whether what was created under this key has been removed since. */
    boolean wasRemoved(String createdUnder) {
        synchronized (lock) {
            return removed.containsKey(createdUnder);
        }
    }

    /**
     * Takes note of a generation.
     *
     * @throws StaleGenerationException if a newer one was seen, here or by who fenced the host
     */
    void see(VmId vm, Generation generation) throws IOException {
        Optional<Generation> fenced = directory.fencedBelow(vm);
        synchronized (lock) {
            Generation highest = generations.getOrDefault(vm.value(), Generation.INITIAL);
            if (fenced.isPresent() && highest.isOlderThan(fenced.get())) {
                highest = fenced.get();
            }
            if (generation.isOlderThan(highest)) {
                throw new StaleGenerationException(vm, generation, highest);
            }
            if (!generation.equals(generations.get(vm.value()))) {
                generations.put(vm.value(), generation);
                save();
            }
        }
    }

    @GuardedBy("lock")
    private void save() throws IOException {
        DurableFile.write(directory.instancesFile(), new Content(instances, generations, removed));
    }

    /** What the file holds. */
    record Content(
            Map<String, InstanceRecord> instances, Map<String, Generation> generations, Map<String, String> removed) {}
}
