export const start: (tunFd: number) => void;
