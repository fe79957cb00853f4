package dev.shadow.tck.fake;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.IdempotencyKey;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.HypervisorException;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hosts and instances in memory. Hosts can be killed, partitioned and full. Supports every activation
 * mode. Thread-safe.
 */
public final class FakeHypervisor implements Hypervisor {
    /** The calls that faults can be injected into. */
    public enum Call {
        /** {@link Hypervisor#create}. */
        CREATE,
        /** {@link Hypervisor#activate}. */
        ACTIVATE,
        /** {@link Hypervisor#pause}. */
        PAUSE,
        /** {@link Hypervisor#deprovision}. */
        DEPROVISION,
        /** {@link Hypervisor#describe}. */
        DESCRIBE,
        /** {@link Hypervisor#instances}. */
        INSTANCES
    }

    private enum Reach {
        UP,
        DEAD,
        PARTITIONED
    }

    private static final class Host {
        private final Resources capacity;
        private final Map<InstanceId, Instance> instances = new LinkedHashMap<>();
        private final Map<VmId, Generation> highestSeen = new HashMap<>();
        private final Map<IdempotencyKey, InstanceDescription> copies = new HashMap<>();
        private Reach reach = Reach.UP;

        Host(Resources capacity) {
            this.capacity = capacity;
        }

        Resources taken() {
            return instances.values().stream()
                    .map(instance -> instance.spec.size())
                    .reduce(Resources.NONE, Resources::plus);
        }
    }

    private static final class Instance {
        private final InstanceSpec spec;
        private final Endpoint endpoint;
        private PowerState power;
        private Generation generation;

        Instance(InstanceSpec spec, Endpoint endpoint, PowerState power, Generation generation) {
            this.spec = spec;
            this.endpoint = endpoint;
            this.power = power;
            this.generation = generation;
        }

        boolean isUp() {
            return power == PowerState.RUNNING || power == PowerState.ISOLATED;
        }

        InstanceDescription describe() {
            return new InstanceDescription(
                    spec.id(),
                    spec.vm(),
                    spec.host(),
                    power,
                    generation,
                    isUp() ? Optional.of(endpoint) : Optional.empty());
        }
    }

    private final Object lock = new Object();
    private final VirtualTime time;
    private final FakeDisks disks;
    private final Faults<Call> faults;
    private final Map<HostId, Host> hosts = new LinkedHashMap<>();
    private int ports = 10_000;
    private int copiesMade;

    private FakeHypervisor(VirtualTime time, FakeDisks disks) {
        this.time = time;
        this.disks = disks;
        this.faults = new Faults<>(Call.class, time);
    }

    /** Returns a hypervisor without hosts, whose instances have their disks in {@code disks}. */
    public static FakeHypervisor on(VirtualTime time, FakeDisks disks) {
        return new FakeHypervisor(time, disks);
    }

    /** The faults that this hypervisor is to show. */
    public Faults<Call> faults() {
        return faults;
    }

    /** Adds a host. */
    public void addHost(HostId host, Resources capacity) {
        synchronized (lock) {
            hosts.putIfAbsent(host, new Host(capacity));
        }
    }

    /** Adds a running instance that the manager never asked for: a primary. */
    public InstanceDescription addPrimary(InstanceSpec spec, Generation generation) {
        synchronized (lock) {
            Instance instance = new Instance(spec, newEndpoint(spec.host()), PowerState.RUNNING, generation);
            Host host = registered(spec.host());
            host.instances.put(spec.id(), instance);
            host.highestSeen.merge(spec.vm(), generation, FakeHypervisor::newer);
            disks.add(spec.id());
            return instance.describe();
        }
    }

    /** The host loses power: it refuses calls at once, and nothing on it runs. */
    public void kill(HostId host) {
        setReach(host, Reach.DEAD);
        synchronized (lock) {
            registered(host).instances.values().stream()
                    .filter(instance -> instance.isUp() || instance.power == PowerState.PAUSED)
                    .forEach(instance -> instance.power = PowerState.STOPPED);
        }
    }

    /** The host is cut off: calls to it run into their time-out, and what runs there goes on. */
    public void partition(HostId host) {
        setReach(host, Reach.PARTITIONED);
    }

    /** The host can be reached again; what ran on a killed host is stopped. */
    public void bringBack(HostId host) {
        setReach(host, Reach.UP);
    }

    /** Stops an instance, as a fencing device does, whether or not its host can be reached. */
    public void cutOff(InstanceId instance) {
        synchronized (lock) {
            hosts.values().stream()
                    .flatMap(host -> host.instances.values().stream())
                    .filter(found -> found.spec.id().equals(instance))
                    .forEach(found -> found.power = PowerState.STOPPED);
        }
    }

    private void setReach(HostId host, Reach reach) {
        synchronized (lock) {
            registered(host).reach = reach;
        }
    }

    private Host registered(HostId host) {
        Host found = hosts.get(host);
        if (found == null) {
            throw new IllegalArgumentException("host " + host + " is unknown: add it first");
        }
        return found;
    }

    private static Generation newer(Generation a, Generation b) {
        return a.isOlderThan(b) ? b : a;
    }

    private Endpoint newEndpoint(HostId host) {
        return new Endpoint(host.value(), ports++);
    }

    @Override
    public InstanceDescription create(InstanceSpec spec, CallContext context) throws HypervisorException {
        return faults.in(Call.CREATE, context.timeout(), HypervisorException::new, () -> {
            synchronized (lock) {
                Host host = reach(spec.host(), context.timeout());
                see(host, spec.vm(), context.generation());
                Instance present = host.instances.get(spec.id());
                if (present != null && !present.spec.equals(spec)) {
                    throw permanent("instance " + spec.id() + " exists with another spec, " + present.spec);
                }
                return (present != null ? present : make(host, spec, context.generation())).describe();
            }
        });
    }

    private Instance make(Host host, InstanceSpec spec, Generation generation) throws HypervisorException {
        Resources free = host.capacity.minus(host.taken());
        if (!spec.size().fitsIn(free)) {
            throw permanent("host " + spec.host() + " lacks space: wanted " + spec.size() + ", free " + free);
        }
        Instance made = new Instance(spec, newEndpoint(spec.host()), PowerState.STANDBY, generation);
        host.instances.put(spec.id(), made);
        disks.add(spec.id());
        return made;
    }

    @Override
    public InstanceDescription activate(InstanceId instance, HostId host, ActivationMode mode, CallContext context)
            throws HypervisorException {
        return faults.in(Call.ACTIVATE, context.timeout(), HypervisorException::new, () -> {
            synchronized (lock) {
                Host there = reach(host, context.timeout());
                Instance found = required(there, instance, host);
                see(there, found.spec.vm(), context.generation());
                return switch (mode) {
                    case TAKE_OVER -> takeOver(found, context.generation());
                    case CLONE -> copy(there, found, PowerState.RUNNING, context);
                    case ISOLATED_TEST -> copy(there, found, PowerState.ISOLATED, context);
                };
            }
        });
    }

    private static InstanceDescription takeOver(Instance instance, Generation generation) throws HypervisorException {
        if (instance.power == PowerState.ISOLATED) {
            throw permanent("instance " + instance.spec.id() + " is an isolated copy: activate the shadow itself");
        }
        instance.power = PowerState.RUNNING;
        instance.generation = generation;
        return instance.describe();
    }

    private InstanceDescription copy(Host host, Instance of, PowerState power, CallContext context)
            throws HypervisorException {
        InstanceDescription made = host.copies.get(context.key());
        if (made != null) {
            return made;
        }
        InstanceId id = InstanceId.of(of.spec.id() + ".copy-" + ++copiesMade);
        InstanceSpec spec = new InstanceSpec(id, of.spec.vm(), of.spec.host(), of.spec.size());
        Instance copy = make(host, spec, context.generation());
        disks.replace(id, disks.content(of.spec.id()).orElse(List.of()));
        copy.power = power;
        host.copies.put(context.key(), copy.describe());
        return copy.describe();
    }

    @Override
    public void pause(InstanceId instance, HostId host, CallContext context) throws HypervisorException {
        faults.in(Call.PAUSE, context.timeout(), HypervisorException::new, () -> {
            synchronized (lock) {
                Host there = reach(host, context.timeout());
                Instance found = required(there, instance, host);
                see(there, found.spec.vm(), context.generation());
                found.generation = newer(found.generation, context.generation());
                if (found.power == PowerState.RUNNING) {
                    found.power = PowerState.PAUSED;
                }
                return found;
            }
        });
    }

    @Override
    public void deprovision(InstanceId instance, HostId host, CallContext context) throws HypervisorException {
        faults.in(Call.DEPROVISION, context.timeout(), HypervisorException::new, () -> {
            synchronized (lock) {
                Host there = reach(host, context.timeout());
                Instance found = there.instances.get(instance);
                if (found != null) {
                    see(there, found.spec.vm(), context.generation());
                    there.instances.remove(instance);
                    disks.remove(instance);
                }
                return instance;
            }
        });
    }

    @Override
    public Optional<InstanceDescription> describe(InstanceId instance, HostId host, Duration timeout)
            throws HypervisorException {
        return faults.in(Call.DESCRIBE, timeout, HypervisorException::new, () -> {
            synchronized (lock) {
                return Optional.ofNullable(reach(host, timeout).instances.get(instance))
                        .map(Instance::describe);
            }
        });
    }

    @Override
    public List<InstanceDescription> instances(HostId host, Duration timeout) throws HypervisorException {
        return faults.in(Call.INSTANCES, timeout, HypervisorException::new, () -> {
            synchronized (lock) {
                return reach(host, timeout).instances.values().stream()
                        .map(Instance::describe)
                        .toList();
            }
        });
    }

    private Host reach(HostId id, Duration timeout) throws HypervisorException {
        Host host = hosts.get(id);
        if (host == null) {
            throw permanent("host " + id + " is unknown: known are " + hosts.keySet());
        }
        if (host.reach == Reach.DEAD) {
            throw new HypervisorException(Retry.TRANSIENT, "host " + id + " refused the connection");
        }
        if (host.reach == Reach.PARTITIONED) {
            time.pass(timeout);
            throw new HypervisorException(Retry.TRANSIENT, "host " + id + " did not answer within " + timeout);
        }
        return host;
    }

    private static void see(Host host, VmId vm, Generation offered) {
        Generation seen = host.highestSeen.getOrDefault(vm, Generation.INITIAL);
        if (offered.isOlderThan(seen)) {
            throw new StaleGenerationException(vm, offered, seen);
        }
        host.highestSeen.put(vm, offered);
    }

    private static Instance required(Host host, InstanceId instance, HostId id) throws HypervisorException {
        Instance found = host.instances.get(instance);
        if (found == null) {
            throw permanent("host " + id + " has no instance " + instance + ": it has " + host.instances.keySet());
        }
        return found;
    }

    private static HypervisorException permanent(String message) {
        return new HypervisorException(Retry.PERMANENT, message);
    }
}
