package dev.shadow.examples.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.FailureDomain;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.tck.contract.InventoryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class ProcessInventoryTest extends InventoryContract {
    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Path file;
    private Inventory inventory;

    /** Hosts that were never started: what the contract asks of an inventory, it knows without them. */
    @BeforeEach
    void write() throws Exception {
        List<Fleet.Host> hosts = List.of(host("h1"), host("h2"));
        Fleet.Machine machine =
                new Fleet.Machine(knownVm(), InstanceId.of("primary"), HostId.of("h1"), TestFleet.SMALL);
        Agents agents = Agents.of(new Fleet("secret", 1, hosts, List.of(machine)));
        opened.add(agents);
        open(agents);
    }

    private void open(Agents agents) throws IOException {
        file = directory.resolve("fleet.json");
        Files.writeString(file, Json.pretty(agents.fleet()));
        inventory = ProcessInventory.over(file, agents);
    }

    private Fleet.Host host(String name) {
        FailureDomain domain = new FailureDomain("region", "zone", "rack", name);
        return new Fleet.Host(HostId.of(name), domain, directory.resolve(name).toString(), TestFleet.SMALL, 0);
    }

    private TestFleet startedHosts() throws Exception {
        TestFleet fleet = TestFleet.of(2);
        opened.add(fleet);
        open(fleet.agents());
        return fleet;
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Override
    protected Inventory inventory() {
        return inventory;
    }

    @Override
    protected VmId knownVm() {
        return VmId.of("known-vm");
    }

    @Override
    protected void makeUnreachable() throws Exception {
        Files.deleteIfExists(file);
    }

    @Test
    void tellsWhereTheRunningInstanceOfTheHighestGenerationIs() throws Exception {
        TestFleet fleet = startedHosts();
        fleet.startMachine(knownVm(), InstanceId.of("old"), fleet.host(0).id(), 0);
        fleet.startMachine(knownVm(), InstanceId.of("new"), fleet.host(1).id(), 1);

        VmDescription vm = inventory.vm(knownVm(), timeout()).orElseThrow();

        assertThat(vm.instance()).isEqualTo(InstanceId.of("new"));
        assertThat(vm.host()).isEqualTo(fleet.host(1).id());
    }

    @Test
    void keepsTheLastKnownPlaceWhileItsHostIsDead() throws Exception {
        TestFleet fleet = startedHosts();
        fleet.startMachine(knownVm(), InstanceId.of("moved"), fleet.host(1).id(), 1);
        inventory.vm(knownVm(), timeout());
        fleet.host(1).kill();

        assertThat(inventory.vm(knownVm(), timeout()).orElseThrow().host())
                .isEqualTo(fleet.host(1).id());
    }
}
