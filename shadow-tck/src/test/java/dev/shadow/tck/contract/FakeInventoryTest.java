package dev.shadow.tck.contract;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.tck.fake.FakeFleet;
import dev.shadow.tck.fake.FakeInventory;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;

class FakeInventoryTest extends InventoryContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final FakeFleet fleet = FakeFleet.on(time);
    private final Inventory inventory = Mutant.in(Inventory.class, fleet.inventory(), memory);

    FakeInventoryTest() {
        Resources room = new Resources(8000, 8L << 30, 8L << 30, 8000);
        HostId first = fleet.addHost("first", "zone-1", room);
        fleet.addHost("second", "zone-2", room);
        fleet.addVm("known", first, Resources.NONE);
    }

    @Override
    protected Inventory inventory() {
        return inventory;
    }

    @Override
    protected VmId knownVm() {
        return VmId.of("known");
    }

    @Override
    protected void makeUnreachable() {
        for (FakeInventory.Call call : FakeInventory.Call.values()) {
            fleet.inventory().faults().delayNext(call, Duration.ofHours(1));
        }
    }

    @Override
    protected Duration patience() {
        return Duration.ofMillis(100);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(500));
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
