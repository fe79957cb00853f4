package dev.shadow.tck.fake;

import dev.shadow.spi.HostId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.inventory.InventoryException;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** An inventory that knows what a test tells it. Thread-safe. */
public final class FakeInventory implements Inventory {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link Inventory#hosts}. */
        HOSTS,
        /** {@link Inventory#vm}. */
        VM,
        /** {@link Inventory#latency}. */
        LATENCY
    }

    private static final Duration UNLIMITED = Duration.ofDays(1);

    private final Object lock = new Object();
    private final Faults<Call> faults;
    private final Map<HostId, HostDescription> hosts = new LinkedHashMap<>();
    private final Map<VmId, VmDescription> vms = new LinkedHashMap<>();
    private final Map<Set<HostId>, Duration> latencies = new LinkedHashMap<>();
    private Duration usualLatency = Duration.ofMillis(1);

    private FakeInventory(VirtualTime time) {
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns an inventory that knows nothing yet. */
    public static FakeInventory on(VirtualTime time) {
        return new FakeInventory(time);
    }

    /** The faults that this inventory is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Adds a host, or replaces what is known of it; its place in the list stays. */
    public void put(HostDescription host) {
        synchronized (lock) {
            hosts.put(host.id(), host);
        }
    }

    /** Adds a virtual machine, or replaces what is known of it. */
    public void put(VmDescription vm) {
        synchronized (lock) {
            vms.put(vm.id(), vm);
        }
    }

    /** Forgets a host. */
    public void remove(HostId host) {
        synchronized (lock) {
            hosts.remove(host);
        }
    }

    /** Forgets a virtual machine. */
    public void remove(VmId vm) {
        synchronized (lock) {
            vms.remove(vm);
        }
    }

    /** Sets the latency between two hosts, in both directions. */
    public void setLatency(HostId a, HostId b, Duration latency) {
        synchronized (lock) {
            latencies.put(Set.of(a, b), latency);
        }
    }

    /** Sets the latency between hosts for which none was set; 1 ms until then. */
    public void setUsualLatency(Duration latency) {
        synchronized (lock) {
            usualLatency = Objects.requireNonNull(latency, "latency");
        }
    }

    @Override
    public List<HostDescription> hosts(Duration timeout) throws InventoryException {
        return faults.in(Call.HOSTS, timeout, InventoryException::new, () -> {
            synchronized (lock) {
                return List.copyOf(hosts.values());
            }
        });
    }

    @Override
    public Optional<VmDescription> vm(VmId vm, Duration timeout) throws InventoryException {
        return faults.in(Call.VM, timeout, InventoryException::new, () -> {
            synchronized (lock) {
                return Optional.ofNullable(vms.get(vm));
            }
        });
    }

    @Override
    public Duration latency(HostId from, HostId to) throws InventoryException {
        return faults.in(Call.LATENCY, UNLIMITED, InventoryException::new, () -> {
            synchronized (lock) {
                requireKnown(from);
                requireKnown(to);
                return from.equals(to) ? Duration.ZERO : latencies.getOrDefault(Set.of(from, to), usualLatency);
            }
        });
    }

    private void requireKnown(HostId host) throws InventoryException {
        if (!hosts.containsKey(host)) {
            throw new InventoryException(Retry.PERMANENT, "host " + host + " is unknown: known are " + hosts.keySet());
        }
    }
}
