package dev.shadow.core.contract;

import dev.shadow.core.placement.WeightedHostSelector;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.tck.contract.HostSelectorContract;

class WeightedHostSelectorContractTest extends HostSelectorContract {
    @Override
    protected HostSelector selector() {
        return WeightedHostSelector.standard();
    }
}
