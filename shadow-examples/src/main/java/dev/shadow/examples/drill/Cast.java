package dev.shadow.examples.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.examples.process.Agents;
import dev.shadow.examples.process.CuttableLink;
import dev.shadow.examples.process.Fleet;
import dev.shadow.examples.process.HostProcess;
import dev.shadow.examples.process.ProcessHypervisor;
import dev.shadow.examples.process.host.HostDirectory;
import dev.shadow.examples.process.host.ProcessIdentity;
import dev.shadow.examples.process.traffic.Forwarder;
import dev.shadow.examples.process.traffic.ForwarderTrafficDirector;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.SpiException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.InstanceSpec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody who takes part in a drill: three hosts in two zones, the forwarder, the link, the manager. Closing kills
 * every process, however the drill went. Not to be shared, but for {@link #close}.
 */
final class Cast implements Closeable {
    static final VmId VM = VmId.of("shop-db");
    static final HostId SOURCE = HostId.of("a1");
    static final HostId TARGET = HostId.of("b1");

    private static final InstanceId PRIMARY = InstanceId.of("shop-db-primary");
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Cast.class);

    private final Path directory;
    private final Fleet fleet;
    private final Forwarder forwarder;
    private final CuttableLink link;
    private final Agents agents;
    private final Map<HostId, HostProcess> hosts = new LinkedHashMap<>();
    private volatile @Nullable ManagerProcess manager;

    private Cast(Path directory, Fleet fleet, Forwarder forwarder, CuttableLink link) {
        this.directory = directory;
        this.fleet = fleet;
        this.forwarder = forwarder;
        this.link = link;
        this.agents = Agents.of(fleet);
    }

    /** Opens forwarder and link; starts nothing else yet. */
    static Cast prepare(Path directory, DrillPlan plan, LongSupplier nanos) throws IOException {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        String hex = HexFormat.of().formatHex(secret);
        Resources machine = new Resources(2000, 2L << 30, plan.diskBytes(), 1_000_000_000L);
        Resources capacity = new Resources(8000, 16L << 30, 4 * plan.diskBytes() + (64L << 20), 10_000_000_000L);
        Path b1 = directory.resolve("b1");
        Forwarder forwarder = Forwarder.open(hex, PATIENCE, nanos);
        CuttableLink link = CuttableLink.to(new HostDirectory(b1));
        Fleet fleet = new Fleet(
                hex,
                forwarder.control().getPort(),
                List.of(
                        host("a1", "a", directory, capacity, 0),
                        host("a2", "a", directory, capacity, 0),
                        host("b1", "b", directory, capacity, link.port())),
                List.of(new Fleet.Machine(VM, PRIMARY, SOURCE, machine)));
        return new Cast(directory, fleet, forwarder, link);
    }

    private static Fleet.Host host(String name, String zone, Path directory, Resources capacity, int replicaPort) {
        return new Fleet.Host(
                HostId.of(name),
                new FailureDomain("region", zone, "rack", name),
                directory.resolve(name).toString(),
                capacity,
                replicaPort);
    }

    Fleet fleet() {
        return fleet;
    }

    Agents agents() {
        return agents;
    }

    CuttableLink link() {
        return link;
    }

    /** Starts every host and waits until all take calls. */
    void startHosts() throws IOException, InterruptedException {
        for (Fleet.Host host : fleet.hosts()) {
            hosts.put(host.id(), HostProcess.start(host, fleet.secret()));
        }
        for (HostProcess host : hosts.values()) {
            host.awaitReady(START);
        }
    }

    /** Starts the agent of a host again. */
    void restartHost(HostId id) throws IOException, InterruptedException {
        HostProcess host = HostProcess.start(fleet.host(id).orElseThrow(), fleet.secret());
        hosts.put(id, host);
        host.awaitReady(START);
    }

    HostProcess host(HostId id) {
        return Objects.requireNonNull(hosts.get(id));
    }

    /** Starts the primary on its host and sends the traffic there. */
    Endpoint startPrimary() throws SpiException, IOException {
        Fleet.Machine machine = fleet.vms().get(0);
        ProcessHypervisor hypervisor = ProcessHypervisor.over(agents);
        CallContext create = CallContext.of("drill-create-primary", Generation.INITIAL, START);
        hypervisor.create(new InstanceSpec(PRIMARY, VM, SOURCE, machine.size()), create);
        CallContext activate = CallContext.of("drill-activate-primary", Generation.INITIAL, START);
        Endpoint service = hypervisor
                .activate(PRIMARY, SOURCE, ActivationMode.TAKE_OVER, activate)
                .endpoint()
                .orElseThrow();
        try (ForwarderTrafficDirector traffic = ForwarderTrafficDirector.of(fleet.forwarder(), fleet.secret())) {
            traffic.redirect(VM, service, CallContext.of("drill-first-route", Generation.INITIAL, START));
        }
        return forwarder.front(VM);
    }

    /** The process of the primary. */
    ProcessIdentity primaryProcess() throws IOException {
        return fleet.host(SOURCE)
                .orElseThrow()
                .files()
                .process(PRIMARY)
                .orElseThrow(() -> new IOException("the process of the primary is not recorded"));
    }

    ManagerProcess startManager(Path settings, Consumer<JsonNode> events) throws IOException {
        ManagerProcess started = ManagerProcess.start(settings, directory.resolve("manager.log"), events);
        manager = started;
        return started;
    }

    ManagerProcess manager() {
        return Objects.requireNonNull(manager);
    }

    /** Kills every process of the drill with SIGKILL and closes every port. */
    @Override
    public void close() {
        ManagerProcess present = manager;
        if (present != null) {
            quietly("manager", present::kill);
        }
        hosts.forEach((id, host) -> quietly("host " + id, host::cutPower));
        quietly("machines", this::killMachines);
        agents.close();
        quietly("forwarder", forwarder::close);
        quietly("link", link::close);
    }

    private void killMachines() throws IOException {
        List<ProcessIdentity> left = new ArrayList<>();
        for (Fleet.Host host : fleet.hosts()) {
            if (Files.isDirectory(Path.of(host.directory()).resolve("processes"))) {
                left.addAll(host.files().processes());
            }
        }
        left.stream()
                .filter(ProcessIdentity::isAlive)
                .forEach(process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
    }

    private static void quietly(String what, Step step) {
        try {
            step.take();
        } catch (IOException e) {
            LOG.warn("{} could not be ended: {}", what, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Step {
        void take() throws IOException, InterruptedException;
    }
}
