/** What a service says on its standard error once it has collected all garbage. */
export const collectedLine = 'bench: collected'
