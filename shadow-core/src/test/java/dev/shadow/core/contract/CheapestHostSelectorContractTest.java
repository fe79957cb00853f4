package dev.shadow.core.contract;

import dev.shadow.core.placement.online.CheapestHostSelector;
import dev.shadow.spi.placement.HostSelector;
import dev.shadow.tck.contract.HostSelectorContract;

class CheapestHostSelectorContractTest extends HostSelectorContract {
    @Override
    protected HostSelector selector() {
        return CheapestHostSelector.standard();
    }
}
