package dev.shadow.examples.process;

import org.junit.jupiter.api.Tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.examples.process.rpc.Json;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.tck.contract.InventoryContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class ProcessInventoryTest extends InventoryContract {
    @TempDir
    private Path directory;

    private TestFleet fleet;
    private Path file;
    private Inventory inventory;

    @BeforeEach
    void start() throws Exception {
        fleet = TestFleet.of(2);
        file = directory.resolve("fleet.json");
        Files.writeString(file, Json.pretty(fleet.agents().fleet()));
        inventory = ProcessInventory.over(file, fleet.agents());
    }

    @AfterEach
    void end() throws Exception {
        fleet.close();
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
        fleet.startMachine(knownVm(), InstanceId.of("old"), fleet.host(0).id(), 0);
        fleet.startMachine(knownVm(), InstanceId.of("new"), fleet.host(1).id(), 1);

        VmDescription vm = inventory.vm(knownVm(), timeout()).orElseThrow();

        assertThat(vm.instance()).isEqualTo(InstanceId.of("new"));
        assertThat(vm.host()).isEqualTo(fleet.host(1).id());
    }

    @Test
    void keepsTheLastKnownPlaceWhileItsHostIsDead() throws Exception {
        fleet.startMachine(knownVm(), InstanceId.of("moved"), fleet.host(1).id(), 1);
        inventory.vm(knownVm(), timeout());
        fleet.host(1).kill();

        assertThat(inventory.vm(knownVm(), timeout()).orElseThrow().host())
                .isEqualTo(fleet.host(1).id());
    }
}
