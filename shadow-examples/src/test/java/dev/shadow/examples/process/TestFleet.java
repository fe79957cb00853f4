package dev.shadow.examples.process;

import dev.shadow.examples.process.guest.KeyValueClient;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Some running hosts and the connections to their agents, for one test. */
final class TestFleet implements AutoCloseable {
    static final Resources SMALL = new Resources(1000, 1L << 28, 1L << 20, 1_000_000L);
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final List<RunningHost> hosts = new ArrayList<>();
    private final Agents agents;

    private TestFleet(List<RunningHost> hosts, List<Fleet.Machine> machines) {
        this.hosts.addAll(hosts);
        this.agents = Agents.of(new Fleet(
                RunningHost.SECRET, 1, hosts.stream().map(RunningHost::host).toList(), machines));
    }

    static TestFleet of(int count) throws Exception {
        List<RunningHost> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hosts.add(RunningHost.take());
        }
        HostId first = hosts.get(0).id();
        Fleet.Machine machine = new Fleet.Machine(VmId.of("known-vm"), InstanceId.of("known-primary"), first, SMALL);
        return new TestFleet(hosts, List.of(machine));
    }

    RunningHost host(int index) {
        return hosts.get(index);
    }

    RunningHost host(HostId id) {
        return hosts.stream().filter(host -> host.id().equals(id)).findFirst().orElseThrow();
    }

    Agents agents() {
        return agents;
    }

    static CallContext context(long generation) {
        return CallContext.of(UUID.randomUUID().toString(), Generation.of(generation), TIMEOUT);
    }

    /** Creates and activates an instance with an empty disk. */
    InstanceDescription startMachine(VmId vm, InstanceId instance, HostId host, long generation) throws Exception {
        ProcessHypervisor hypervisor = ProcessHypervisor.over(agents);
        hypervisor.create(new InstanceSpec(instance, vm, host, SMALL), context(generation));
        return hypervisor.activate(instance, host, ActivationMode.TAKE_OVER, context(generation));
    }

    /** Whether a client that connects there is served. */
    static boolean serves(Endpoint endpoint) {
        try (KeyValueClient client = KeyValueClient.connect(endpoint, Duration.ofSeconds(5))) {
            client.stat();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        agents.close();
        for (RunningHost host : hosts) {
            host.close();
        }
    }
}
