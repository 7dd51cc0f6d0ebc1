include(Platform/Linux-GNU-C)
